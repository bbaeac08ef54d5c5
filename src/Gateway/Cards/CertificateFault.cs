namespace EligibilityGateway.Gateway.Cards;

/// <summary>Why a certificate that came from a card can't be used.</summary>
public enum CertificateFault
{
    /// <summary>Longer than <see cref="CertificateInspection.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not one X.509 certificate in DER and nothing else.</summary>
    NotACertificate,

    /// <summary>Not RSA-2048 signed with SHA-256.</summary>
    WrongAlgorithm,

    /// <summary>Not for signing: an authority's, or without the use digitalSignature.</summary>
    WrongUse,

    /// <summary>No configured authority issued it.</summary>
    NotTrusted,
}
