using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Operator;
using Google.Protobuf;
using Grpc.Core;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>Who may hand in what, and who comes in where: real certificates, real TLS, one gateway for all.</summary>
public sealed class InsurerClientTests(TestStores stores) : IAsyncLifetime
{
    private InsurerTown _town = null!;
    private GatewayHost _gateway = null!;

    private static string Own => TestTown.Union.ToString();

    public async ValueTask InitializeAsync()
    {
        _town = await InsurerTown.OpenAsync(stores);
        _gateway = await _town.Town.StartGatewayAsync(_town.Settings());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_hands_anything_in_but_the_insurers_clients_that_are_admitted()
    {
        // Of the insurers' authority, and not admitted.
        using (var stranger = Desk(InsurerTown.Authority.IssueInsurer(TestTown.Union)))
            await AssertKeptOutAsync(stranger, StatusCode.PermissionDenied, "not admitted");
        // A terminal's name, whoever certified it.
        using (var terminal = Desk(InsurerTown.Authority.IssueTerminal(TestTown.NewTerminal(TerminalRole.Reception).Identity)))
            await AssertKeptOutAsync(terminal, StatusCode.PermissionDenied, "names no insurer");
        using (var terminal = Desk((await _town.Town.AddTerminalAsync(TerminalRole.Insurer)).Certificate))
            await AssertKeptOutAsync(terminal, null, "");
        // What the operator admitted was another certificate, of the same insurer.
        await _town.AdmitAsync(TestTown.Union);
        using (var second = Desk(InsurerTown.Authority.IssueInsurer(TestTown.Union)))
            await AssertKeptOutAsync(second, StatusCode.PermissionDenied, "not admitted");
        Assert.Equal(0, await _town.CountAsync("insurer_batch"));
    }

    [Fact]
    public async Task A_certificate_that_ends_ends_what_is_being_handed_in_and_opens_nothing_more()
    {
        using var authority = new TestClientAuthority();
        var settings = _town.Settings("strict");
        settings = settings with { InsurerFeed = settings.InsurerFeed! with { Authorities = authority.WriteTo(Path.Combine(_town.Town.Folder, "own-authorities")) } };
        await using var gateway = await _town.Town.StartGatewayAsync(settings);
        // Certificates end at a full second.
        var ends = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 4);
        using var certificate = authority.Issue(InsurerIdentity.ToUri(TestTown.Union), ends);
        await _town.Register.AdmitAsync(certificate, TestContext.Current.CancellationToken);
        using var desk = new InsurerDesk(gateway.InsurerFeedAddress!, certificate);
        using var call = desk.Begin();
        await call.RequestStream.WriteAsync(new FeedChunk { Header = InsurerDesk.Header(null, Own) });
        await call.RequestStream.WriteAsync(new FeedChunk { Content = ByteString.CopyFromUtf8(Of(Person(1, 7), Insert(2, 7, 70))) });
        await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync);
        Assert.True(DateTimeOffset.UtcNow >= ends, "It was ended early.");
        await Assert.ThrowsAsync<RpcException>(() => desk.DeliverAsync(InsurerDesk.Header(null, Own), Of(Person(1, 7), Insert(2, 7, 70))));
        Assert.Equal(0, await _town.CountAsync("insurer_batch"));
    }

    [Fact]
    public async Task An_insurers_client_looks_nobody_up()
    {
        var certificate = await _town.AdmitAsync(TestTown.Union);
        using var desk = new TestDesk(_gateway.Address, new TestTerminal(TestTown.NewTerminal(TerminalRole.Reception).Identity, certificate));
        await Assert.ThrowsAsync<RpcException>(() => desk.ChallengeAsync());
        // And at its own endpoint there is nothing to ask.
        using var own = new TestDesk(_gateway.InsurerFeedAddress!, new TestTerminal(TestTown.NewTerminal(TerminalRole.Reception).Identity, certificate));
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => own.ChallengeAsync())).StatusCode);
    }

    [Fact]
    public async Task A_client_that_is_revoked_while_it_sends_is_not_taken_and_never_comes_in_again()
    {
        var certificate = await _town.AdmitAsync(TestTown.Union);
        using var desk = Desk(certificate);
        using var call = desk.Begin();
        await call.RequestStream.WriteAsync(new FeedChunk { Header = InsurerDesk.Header(null, Own) }, TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new FeedChunk { Content = ByteString.CopyFromUtf8(Of(Person(1, 7), Insert(2, 7, 70))) }, TestContext.Current.CancellationToken);
        Assert.True(await _town.Register.RevokeAsync(ClientCertificate.IdOf(certificate), TestTown.Now, CancellationToken.None));
        await call.RequestStream.CompleteAsync();
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(0, await _town.CountAsync("insurer_batch"));

        await AssertKeptOutAsync(desk, StatusCode.PermissionDenied, "revoked");
        await _town.Register.AdmitAsync(certificate, CancellationToken.None);
        await AssertKeptOutAsync(desk, StatusCode.PermissionDenied, "revoked");
    }

    [Fact]
    public async Task A_client_of_several_insurers_hands_in_for_each_that_its_certificate_names()
    {
        using var desk = Desk(await _town.AdmitAsync(TestTown.Union, TestTown.Employees));
        var header = InsurerDesk.Header(null, Own, TestTown.Employees.ToString());
        var receipt = await desk.DeliverAsync(header, Of(
            Person(1, 7), Insert(2, 7, 70, "lost_on=2026-01-01"), Insert(1, 7, 71, $"insurer={TestTown.Employees}", "acquired_on=2026-01-01", "number=43")));
        Assert.Equal((DeliveryState.Accepted, 0L), (receipt.State, receipt.Errors));
        await desk.AppliedAsync(header.DeliveryId);
        // A delivery of another client is not told.
        using var other = Desk(await _town.AdmitAsync(TestTown.Union));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await other.Feed.GetDeliveryAsync(new DeliveryName { DeliveryId = header.DeliveryId }));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task The_operator_admits_and_revokes_by_command()
    {
        var certificate = InsurerTown.Authority.IssueInsurer(TestTown.Union);
        var file = Path.Combine(_town.Town.Folder, "insurer.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        string[] store = ["--operator", _town.Town.Database.ConnectionString(StoreRole.Operator)];
        using var desk = Desk(certificate);

        Assert.Equal("The client is not admitted, or was revoked before.\n", (await GatewayCommand.RunAsync(["insurer", "revoke", file, .. store])).Output);
        Assert.Equal($"The client is let in for {Own}.\n", (await GatewayCommand.RunAsync(["insurer", "admit", file, .. store])).Output);
        Assert.Equal(DeliveryState.Rejected, (await desk.DeliverAsync(InsurerDesk.Header(null, Own), "x")).State);
        Assert.Equal("The client is shut out.\n", (await GatewayCommand.RunAsync(["insurer", "revoke", file, .. store])).Output);
        await AssertKeptOutAsync(desk, StatusCode.PermissionDenied, "revoked");

        await File.WriteAllTextAsync(file, TestTown.NewTerminal(TerminalRole.Reception).Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        (await GatewayCommand.RunAsync(["insurer", "admit", file, .. store])).AssertRefused("names no insurer", "urn:eligibility-gateway:insurer:");
    }

    [Fact]
    public async Task A_gateway_does_not_start_with_an_endpoint_that_could_not_serve()
    {
        var settings = _town.Settings("two");
        var feed = settings.InsurerFeed!;
        Directory.CreateDirectory(Path.Combine(_town.Town.Folder, "nobody"));
        foreach (var (wrong, because) in new[]
        {
            (feed with { Authorities = Path.Combine(_town.Town.Folder, "nobody") }, "insurerFeed.authorities"),
            (feed with { Listen = "http://127.0.0.1:0" }, "insurerFeed.listen"),
            (feed with { Postgres = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2" }, "insurerFeed.postgres"),
            (feed with { Spool = Path.Combine(settings.Keys, "spool") }, "insurerFeed.spool"),
            (feed with { MostMegabytes = 0 }, "insurerFeed.mostMegabytes"),
        })
        {
            var refused = await Assert.ThrowsAsync<SettingsException>(() => _town.Town.StartGatewayAsync(settings with { InsurerFeed = wrong }));
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        }
    }

    private static async Task AssertKeptOutAsync(InsurerDesk desk, StatusCode? code, string because)
    {
        foreach (var call in (Func<Task>[])
        [
            () => desk.DeliverAsync(InsurerDesk.Header(null, Own), Of(Person(1, 7), Insert(2, 7, 70))),
            async () => await desk.Feed.GetDeliveryAsync(new DeliveryName { DeliveryId = InsurerDesk.NewDelivery() }),
            () => desk.WatchAsync(InsurerDesk.NewDelivery()),
        ])
        {
            var refused = await Assert.ThrowsAsync<RpcException>(call);
            if (code is { } expected) Assert.Equal(expected, refused.StatusCode);
            Assert.Contains(because, refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    private InsurerDesk Desk(X509Certificate2 certificate) => new(_gateway.InsurerFeedAddress!, certificate);
}
