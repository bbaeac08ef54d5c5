using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Tests.Peer;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

public sealed class GatewayLinkTests : IDisposable
{
    private readonly PeerPki _pki = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_answer_ends_its_event_and_empties_the_spool()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = new LinkUnderTest(_pki, _folder, TimeProvider.System, gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var asked = LookUps.Typed(TimeProvider.System);
        var outcome = agent.Link.Ask(asked.Id, asked.LookUp);
        var received = await stream.NextLookUpAsync();
        Assert.Equal(asked.LookUp, received);
        Assert.Equal(1, agent.Spool.Count);
        await stream.AnswerAsync(received.EventId);
        Assert.Equal("試験　花子", Assert.IsType<Outcome.Answered>(await outcome.Soon()).Answer.Person.Name);
        Assert.Equal(0, agent.Spool.Count);
    }
}
