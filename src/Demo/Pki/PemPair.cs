using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EligibilityGateway.Demo.Pki;

/// <summary>A certificate and its private key in two PEM files, NAME.crt.pem and NAME.key.pem.</summary>
internal sealed record PemPair(string CertificatePath, string KeyPath)
{
    /// <summary>The pair of that name in a folder.</summary>
    public static PemPair In(string folder, string name) => new(Path.Combine(folder, name + ".crt.pem"), Path.Combine(folder, name + ".key.pem"));

    /// <summary>The certificate with its key; null where either is missing, can't be read, or isn't the other's.</summary>
    public X509Certificate2? Read()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
        }
        catch (Exception e) when (e is IOException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes both files; the certificate last, so that where it is, its key is.</summary>
    public void Write(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        DemoFiles.WriteSecret(KeyPath, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        DemoFiles.WritePublic(CertificatePath, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
    }
}
