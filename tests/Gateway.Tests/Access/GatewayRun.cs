using EligibilityGateway.Gateway.Settings;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>One gateway process from its start to its kill, with desks that ask it all the while.</summary>
internal sealed class GatewayRun : IAsyncDisposable
{
    private readonly GatewayProcess _gateway;
    private readonly SemaphoreSlim _moments = new(0);
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationToken _deadline;
    private Task[] _taps = [];

    private GatewayRun(GatewayProcess gateway, CancellationToken deadline)
    {
        _gateway = gateway;
        _deadline = deadline;
    }

    /// <summary>Starts it; returns once each desk is connected and taps.</summary>
    public static async Task<GatewayRun> StartAsync(GatewaySettings settings, IEnumerable<DeskThatAsksAgain> desks, CancellationToken deadline)
    {
        var gateway = await GatewayProcess.StartAsync(settings);
        try
        {
            var run = new GatewayRun(gateway, deadline);
            run._taps = await Task.WhenAll(desks.Select(desk => desk.BeginAsync(gateway.Address, run._moments, run._gone.Token)));
            return run;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many more things were asked or answered.</summary>
    public async Task MomentsAsync(int count)
    {
        for (var i = 0; i < count; i++) await _moments.WaitAsync(_deadline);
    }

    /// <summary>Kills it that many askings and answers later, amid whatever is under way.</summary>
    public async Task KillAfterAsync(int moments)
    {
        await MomentsAsync(moments);
        await KillAsync();
    }

    /// <summary>Kills it, if nobody has.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_gone.IsCancellationRequested) await KillAsync();
        }
        finally
        {
            _gone.Dispose();
            _moments.Dispose();
        }
    }

    private async Task KillAsync()
    {
        await _gone.CancelAsync();
        await _gateway.DisposeAsync();
        await Task.WhenAll(_taps);
    }
}
