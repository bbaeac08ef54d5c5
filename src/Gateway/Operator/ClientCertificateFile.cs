using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>A client's certificate that the operator hands in to be let in or shut out.</summary>
internal static class ClientCertificateFile
{
    /// <param name="file">PEM or DER.</param>
    /// <param name="whose">The client's, in words.</param>
    /// <param name="faultOf">Why it names no such client, with the rules of such a name; null where it names one.</param>
    /// <exception cref="SettingsException">It can't be read, or names no such client.</exception>
    public static X509Certificate2 Read(string file, string whose, Func<X509Certificate2, string?> faultOf)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"{file} is no certificate that can be read: give the {whose}'s certificate in PEM or DER.");
        }
        if (faultOf(certificate) is not { } fault) return certificate;
        certificate.Dispose();
        throw new SettingsException($"The certificate {file} names no {whose}: {fault}.");
    }
}
