using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class TerminalFunctionTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestDatabase _database = fixture.Database;

    [Fact]
    public async Task A_revoked_terminal_is_told_to_all_who_listen_and_raised()
    {
        var terminal = await RegisterAsync();
        await using var gateway = await _database.OpenAsync(StoreRole.Gateway);
        await using (var listen = new NpgsqlCommand("LISTEN terminal_revoked", gateway)) await listen.ExecuteNonQueryAsync(Cancellation);
        var heard = new TaskCompletionSource<string>();
        gateway.Notification += (_, notification) => heard.TrySetResult(notification.Payload);

        Assert.Equal(-1, await RevokeAsync(terminal));

        Assert.True(await gateway.WaitAsync(Deadline, Cancellation));
        Assert.Equal(terminal.ToString("D"), await heard.Task.WaitAsync(Deadline, Cancellation));
        Assert.Equal(2, await VersionAsync(terminal));
        Assert.True(await IsRevokedAsync(terminal));
    }

    [Fact]
    public async Task Revoking_again_changes_nothing_and_keeps_the_first_time()
    {
        var terminal = await RegisterAsync();
        await RevokeAsync(terminal);
        await _database.ExecuteAsync(StoreRole.Operator, "SELECT revoke_terminal($1, '2030-01-01')", terminal);
        Assert.Equal(2, await VersionAsync(terminal));
        Assert.Equal(2026, await _database.ReadAsync<int>("SELECT extract(year FROM revoked_at)::int FROM terminal WHERE terminal_id = $1", terminal));
    }

    [Fact]
    public async Task Registering_a_revoked_terminal_does_not_let_it_back_in()
    {
        var terminal = await RegisterAsync();
        await RevokeAsync(terminal);
        await RegisterAsync(terminal);
        Assert.True(await IsRevokedAsync(terminal));
    }

    [Fact]
    public async Task The_end_of_a_certificate_is_kept_once()
    {
        var terminal = await RegisterAsync();
        await using (var owner = await _database.OpenAsync(StoreRole.Owner))
        await using (var forget = new NpgsqlCommand("UPDATE terminal SET certificate_ends = NULL WHERE terminal_id = $1", owner) { Parameters = { new() { Value = terminal } } })
            await forget.ExecuteNonQueryAsync(Cancellation);
        await _database.ExecuteAsync(StoreRole.Gateway, "SELECT note_certificate_end($1, '2027-03-31')", terminal);
        await _database.ExecuteAsync(StoreRole.Gateway, "SELECT note_certificate_end($1, '2099-01-01')", terminal);
        Assert.Equal(2027, await _database.ReadAsync<int>("SELECT extract(year FROM certificate_ends)::int FROM terminal WHERE terminal_id = $1", terminal));
        Assert.Equal(1, await VersionAsync(terminal));
    }

    [Fact]
    public async Task An_unknown_terminal_can_not_be_revoked() =>
        Assert.False(await _database.ReadAsync<bool>("SELECT revoke_terminal(gen_random_uuid(), now())"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<Guid> RegisterAsync(Guid? id = null)
    {
        var terminal = id ?? Guid.NewGuid();
        await _database.ExecuteAsync(StoreRole.Operator, "SELECT register_terminal($1, '1312345678', 1::smallint, 'Desk 1', now())", terminal);
        return terminal;
    }

    private Task<int> RevokeAsync(Guid terminal) =>
        _database.ExecuteAsync(StoreRole.Operator, "SELECT revoke_terminal($1, '2026-10-15')", terminal);

    private Task<long> VersionAsync(Guid terminal) => _database.ReadAsync<long>("SELECT version FROM terminal WHERE terminal_id = $1", terminal);

    private Task<bool> IsRevokedAsync(Guid terminal) =>
        _database.ReadAsync<bool>("SELECT revoked_at IS NOT NULL FROM terminal WHERE terminal_id = $1", terminal);
}
