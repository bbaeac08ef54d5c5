using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Appointments;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>A login may set for its next sessions that commits are acknowledged before they are on disk: no writer of the gateway's goes along.</summary>
public sealed class DurableSessionTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        // Whatever is written with commits that do not wait for the disk is refused.
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        await using var watch = new NpgsqlCommand(
            """
            CREATE FUNCTION eligibility.refuse_forgetful() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('synchronous_commit') = 'off' THEN RAISE EXCEPTION 'a commit that does not wait for the disk'; END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER forgetful AFTER INSERT ON eligibility.charge DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION eligibility.refuse_forgetful();
            CREATE CONSTRAINT TRIGGER forgetful AFTER INSERT ON eligibility.appointment_batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION eligibility.refuse_forgetful();
            CREATE CONSTRAINT TRIGGER forgetful AFTER INSERT ON eligibility.appointment_result DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION eligibility.refuse_forgetful();
            CREATE CONSTRAINT TRIGGER forgetful AFTER INSERT ON eligibility.access_record DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION eligibility.refuse_forgetful();
            GRANT EXECUTE ON FUNCTION eligibility.refuse_forgetful() TO eg_gateway;
            """,
            connection);
        await watch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task Look_ups_charges_and_batches_are_on_disk_though_the_login_has_switched_that_off()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        await _town.Database.ExecuteAsync(StoreRole.Gateway, "DO $$ BEGIN EXECUTE format('ALTER ROLE eg_gateway IN DATABASE %I SET synchronous_commit = off', current_database()); END $$");
        await using (var superuser = await _town.Database.OpenAsSuperuserAsync())
            await superuser.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'eg_gateway' AND datname = current_database()");
        var person = await _town.AddCertifiedAsync();
        var card = await _town.AddCardAsync(person);

        var answer = (await desk.TapAsync(card)).Answer;
        while (!answer.Freshness.Proved) answer = (await desk.TapAsync(card)).Answer;
        var charge = await desk.Charges.ReportChargeAsync(new ChargeReport
        {
            ChargeId = TestDesk.NewEvent().ToString(),
            LookUpEventId = answer.EventId,
            Stage = ChargeStage.Collected,
            ServiceDate = JapanTime.Format(TestTown.Today),
            TotalCostYen = 10_000,
            ChargedYen = 3_000,
        });
        Assert.Equal(ChargeStage.Collected, charge.Stage);
        using var site = new AppointmentDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2"));
        Assert.Equal(Validity.Valid, Assert.Single(await site.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).Answer.Validity);
    }
}
