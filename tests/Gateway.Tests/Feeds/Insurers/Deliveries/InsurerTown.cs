using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>A town whose gateways have an insurers' endpoint, with an authority of the insurers' own.</summary>
internal sealed class InsurerTown : IAsyncDisposable
{
    private static readonly Lazy<TerminalAuthority> Issuer = new(() => TerminalAuthority.Open(TestFolder.NewPath(), TimeProvider.System));

    private readonly NpgsqlDataSource _operator;

    private InsurerTown(TestTown town)
    {
        Town = town;
        _operator = NpgsqlDataSource.Create(town.Database.ConnectionString(StoreRole.Operator));
        Register = new InsurerRegistration(_operator);
    }

    public TestTown Town { get; }

    public InsurerRegistration Register { get; }

    /// <summary>Issues insurers' certificates.</summary>
    public static TerminalAuthority Authority => Issuer.Value;

    public static async Task<InsurerTown> OpenAsync(TestStores stores)
    {
        var town = new InsurerTown(await TestTown.OpenAsync(stores));
        Directory.CreateDirectory(Path.Combine(town.Town.Folder, "insurer-authorities"));
        File.Copy(Authority.CertificatePath, Path.Combine(town.Town.Folder, "insurer-authorities", "authority.pem"));
        return town;
    }

    public GatewaySettings Settings(string name = "one", int mostMegabytes = 64) => Town.Settings(name) with
    {
        InsurerFeed = new InsurerFeedSettings
        {
            Listen = "https://127.0.0.1:0",
            Authorities = Path.Combine(Town.Folder, "insurer-authorities"),
            Postgres = Town.Database.ConnectionString(StoreRole.InsurerFeed),
            Spool = Path.Combine(Town.Folder, "spool-" + name),
            MostMegabytes = mostMegabytes,
        },
    };

    /// <summary>A client that its authority certified and the operator has admitted.</summary>
    public async Task<X509Certificate2> AdmitAsync(params InsurerNumber[] insurers)
    {
        var certificate = Authority.IssueInsurer(insurers);
        await Register.AdmitAsync(certificate, CancellationToken.None);
        return certificate;
    }

    public Task<long> CountAsync(string table) => Town.Database.ReadAsync<long>($"SELECT count(*) FROM eligibility.{table}");

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await Town.DisposeAsync();
    }
}
