using EligibilityGateway.Contracts;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>What is being received and checked at this gateway: one delivery of an insurer at a time, and not too many in all.</summary>
internal sealed class DeliveriesUnderWay
{
    private readonly Lock _entry = new();
    private readonly HashSet<InsurerNumber> _insurers = [];
    private int _count;

    /// <summary>Takes the insurers until it is disposed of.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED.</exception>
    public IDisposable Begin(IReadOnlyCollection<InsurerNumber> insurers)
    {
        lock (_entry)
        {
            foreach (var number in insurers)
                if (_insurers.Contains(number)) throw Refusals.UnderWay(number);
            if (_count == DeliveryBounds.MostUnderWay) throw Refusals.TooMany();
            _count++;
            _insurers.UnionWith(insurers);
            return new Place(this, insurers);
        }
    }

    private sealed class Place(DeliveriesUnderWay deliveries, IReadOnlyCollection<InsurerNumber> insurers) : IDisposable
    {
        public void Dispose()
        {
            lock (deliveries._entry)
            {
                deliveries._count--;
                deliveries._insurers.ExceptWith(insurers);
            }
        }
    }
}
