using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>
/// A desk with patients in a row. What was not answered before the gateway went, it asks again, the same event, before anything new.
/// </summary>
internal sealed class DeskThatAsksAgain(TestTerminal terminal, IReadOnlyList<TestCard> cards, int seed, CancellationToken deadline)
{
    private readonly Random _random = new(seed);
    private readonly List<(LookUp LookUp, LookUpResult Result, int TimesAsked)> _answered = [];
    private LookUp? _unanswered;
    private int _timesAsked;

    public Guid TerminalId => terminal.Id;

    /// <summary>Each event that was answered, with its answer and how often it was asked for that.</summary>
    public IReadOnlyList<(LookUp LookUp, LookUpResult Result, int TimesAsked)> Answered => _answered;

    /// <summary>How often an event was asked that an earlier gateway had left without an answer.</summary>
    public int AskedAgain { get; private set; }

    /// <summary>Connects, then taps until the gateway goes; the task within is the taps.</summary>
    /// <param name="gateway">Where it listens.</param>
    /// <param name="moments">Released whenever something is asked or answered.</param>
    /// <param name="gone">Cancelled just before the gateway is killed.</param>
    public async Task<Task> BeginAsync(Uri gateway, SemaphoreSlim moments, CancellationToken gone)
    {
        var desk = new TestDesk(gateway, terminal);
        // Admitted from here on, also while the store is away.
        var challenge = await desk.ChallengeAsync();
        return TapAsync(desk, challenge, moments, gone);
    }

    /// <summary>Asks what is still without an answer.</summary>
    public async Task FinishAsync(TestDesk desk)
    {
        if (_unanswered is null) return;
        AskedAgain++;
        _timesAsked++;
        Keep(await desk.AskAsync(_unanswered));
    }

    public TestDesk Open(Uri gateway) => new(gateway, terminal);

    private void Keep(LookUpResult result)
    {
        _answered.Add((_unanswered!, result, _timesAsked));
        (_unanswered, _timesAsked) = (null, 0);
    }

    private async Task TapAsync(TestDesk desk, byte[] challenge, SemaphoreSlim moments, CancellationToken gone)
    {
        using (desk)
        {
            if (_unanswered is not null) AskedAgain++;
            while (true)
            {
                deadline.ThrowIfCancellationRequested();
                _unanswered ??= desk.Tap(cards[_random.Next(cards.Count)], challenge);
                _timesAsked++;
                var asked = desk.AskAsync(_unanswered);
                moments.Release();
                try
                {
                    Keep(await asked);
                    moments.Release();
                }
                catch (RpcException) when (gone.IsCancellationRequested)
                {
                    return;
                }
                catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted)
                {
                    // Told to try again.
                }
            }
        }
    }
}
