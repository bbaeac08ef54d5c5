using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>A delivery's header that was read: its insurers are the client's.</summary>
/// <param name="Id">The sender's.</param>
/// <param name="Insurers">Whose changes it holds, and the names that came with them.</param>
/// <param name="Sha256">Of the content; empty where none was given.</param>
internal sealed record DeliveryRequest(Guid Id, IReadOnlyDictionary<InsurerNumber, string?> Insurers, ReadOnlyMemory<byte> Sha256)
{
    private const int HashBytes = 32;

    /// <exception cref="RpcException">INVALID_ARGUMENT or PERMISSION_DENIED.</exception>
    public static DeliveryRequest Read(DeliveryHeader header, InsurerClient client)
    {
        var id = IdOf(header.DeliveryId);
        if (header.Insurers.Count is 0 or > DeliveryBounds.MostInsurers) throw Refusals.NoSuchHeader($"insurers holds {header.Insurers.Count}: it must name from 1 to {DeliveryBounds.MostInsurers}.");
        if (header.Sha256.Length is not (0 or HashBytes)) throw Refusals.NoSuchHeader($"sha256 has {Counted.Of(header.Sha256.Length, "byte")}: it must have {HashBytes}, or be left out.");
        var insurers = new Dictionary<InsurerNumber, string?>();
        for (var i = 0; i < header.Insurers.Count; i++)
        {
            var declared = header.Insurers[i];
            if (!InsurerNumber.TryParse(declared.Number, out var number)) throw Refusals.NoSuchHeader($"insurers[{i}].number is no insurer number: it has 6 or 8 digits.");
            if (!client.Insurers.Contains(number)) throw Refusals.NotItsInsurer(number);
            if (DeliveryCheck.FaultOf(declared.Name, DeliveryBounds.MostNameLength) is not null)
                throw Refusals.NoSuchHeader($"insurers[{i}].name is longer than {DeliveryBounds.MostNameLength} characters, or holds what no name has.");
            if (!insurers.TryAdd(number, declared.Name.Length > 0 ? declared.Name : null)) throw Refusals.NoSuchHeader($"insurers[{i}].number is there twice.");
        }
        return new DeliveryRequest(id, insurers, header.Sha256.Memory);
    }

    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static Guid IdOf(string deliveryId) =>
        EventId.TryParse(deliveryId, out var id) ? id.Value : throw Refusals.NoSuchHeader("delivery_id is no UUID of version 7.");
}
