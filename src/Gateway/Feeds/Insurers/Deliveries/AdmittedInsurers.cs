using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Terminals.Tls;
using Grpc.Core;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>
/// Which insurers' clients may come in: those whose certificate the insurers' authorities issued, that the operator has admitted and not
/// revoked. The register is asked at each call: calls are few.
/// </summary>
/// <param name="store">Connects as eg_insurer_feed.</param>
/// <param name="refused">Tells the operator.</param>
internal sealed class AdmittedInsurers(NpgsqlDataSource store, RefusedClients refused)
{
    /// <summary>The client that this call comes from.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED: it may not come in.</exception>
    public async Task<InsurerClient> AdmitAsync(ServerCallContext context)
    {
        if (context.GetHttpContext().Connection.ClientCertificate is not { } certificate) throw Refusals.NamesNoInsurer();
        try
        {
            return await AdmitAsync(certificate, context.CancellationToken);
        }
        catch (RpcException e)
        {
            refused.Tell(certificate, e.Status.Detail.TrimEnd('.'));
            throw;
        }
    }

    private async Task<InsurerClient> AdmitAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        if (CertificateWatch.HasEnded(CertificateWatch.EndOf(certificate))) throw Refusals.CertificateEnded();
        var insurers = InsurerIdentity.FromCertificate(certificate);
        if (insurers.Count == 0) throw Refusals.NamesNoInsurer();
        var client = new InsurerClient(ClientCertificate.IdOf(certificate), insurers);
        await using var command = store.CreateCommand("SELECT insurers, revoked_at IS NOT NULL FROM insurer_client WHERE client_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = client.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation) || !reader.GetFieldValue<string[]>(0).SequenceEqual(insurers.Select(number => number.ToString())))
            throw Refusals.NotAdmitted();
        return reader.GetBoolean(1) ? throw Refusals.Revoked() : client;
    }
}
