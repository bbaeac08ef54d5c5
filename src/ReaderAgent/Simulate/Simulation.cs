using EligibilityGateway.Contracts;
using EligibilityGateway.ReaderAgent.Link;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>
/// Takes commands until they end, then waits a while for the answers still out, so that the program never outlives who started it.
/// What stays unanswered stays in the spool, and its result comes in the next run.
/// </summary>
internal sealed class Simulation(
    TerminalIdentity terminal, Desk desk, GatewayLink link, IConversation conversation, TimeSpan lastWait, TimeProvider clock, Diagnostics diagnostics)
{
    private readonly List<Task> _out = [];
    private Task _greeting = Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancel)
    {
        var left = link.Start();
        _greeting = GreetAsync(cancel);
        foreach (var waiting in left) Follow(desk.EndAsync(null, waiting.LookUp, waiting.Ended));
        try
        {
            while (await conversation.NextAsync(cancel) is { } command) Follow(await desk.TakeAsync(command, cancel));
            await Task.WhenAll(_out).WaitAsync(lastWait, clock, cancel);
        }
        catch (TimeoutException)
        {
            diagnostics.Say($"{link.Status.Waiting} events without an answer are left; those in the spool are asked again at the next start.");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            diagnostics.Say("Stopping.");
        }
    }

    private void Follow(Task<Result> result)
    {
        _out.RemoveAll(task => task.IsCompletedSuccessfully);
        _out.Add(ShowAsync(result));
    }

    private async Task ShowAsync(Task<Result> result)
    {
        var shown = await result;
        // Whoever reads our lines hears first that the gateway let us in.
        if (link.FirstWelcome.IsCompletedSuccessfully) await _greeting;
        conversation.Show(shown);
    }

    private async Task GreetAsync(CancellationToken cancel)
    {
        try
        {
            await link.FirstWelcome.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        conversation.Greet(terminal);
    }
}
