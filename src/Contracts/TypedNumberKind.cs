namespace EligibilityGateway.Contracts;

/// <summary>Which number a text seems to be, by its form alone.</summary>
public enum TypedNumberKind
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>12 digits: taken for a My Number (個人番号), whatever its check digit.</summary>
    MyNumber,

    /// <summary>23 digits: an application's id (申請書ID).</summary>
    ApplicationId,

    /// <summary>14 digits: the number that opens the card's face (照合番号B).</summary>
    FaceNumber,

    /// <summary>16 letters and digits: the card's manufacturing number (製造番号).</summary>
    ManufacturingNumber,

    /// <summary>6 or 8 digits: an insurer (保険者番号) or payer of public expenses (公費負担者番号).</summary>
    InsurerNumber,

    /// <summary>7 digits: a recipient of public expenses (受給者番号).</summary>
    RecipientNumber,

    /// <summary>Hexadecimal: a certificate's serial number or fingerprint.</summary>
    CertificateNumber,

    /// <summary>An address, as a QR code on paper or card holds.</summary>
    QrContent,

    /// <summary>Digits of another length.</summary>
    OtherDigits,
}
