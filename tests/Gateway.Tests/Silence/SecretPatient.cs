using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>A person whose every fact would be recognised wherever it came up, with a card that works, and others that do not.</summary>
internal sealed record SecretPatient(TestPerson Person, TestCard Card, TestCard Lost, TestCard Unbound)
{
    /// <summary>12 digits with a right check digit, only to be refused.</summary>
    public const string LikeMyNumber = "123456789018";

    /// <summary>Of an application for a card, which is asked for and not there.</summary>
    public const string ApplicationId = "88061532774165000000019";

    public const string Note = "救急隊の覚え書き：鍵は隣家";

    private const string Name = "沈黙寺　千代子";
    private const string Kana = "ﾁﾝﾓｸｼﾞ ﾁﾖｺ";
    private const string OtherName = "CHIYOKO SILENCE";
    private const string Address = "沈黙市無言町一丁目";
    private const string Medicine = "無言錠 5mg";
    private const string Injury = "無言性高血圧症";
    private const string Number = "88061532774165";

    private static readonly DateOnly Born = new(1951, 3, 17);

    public static async Task<SecretPatient> MoveInAsync(TestTown town)
    {
        var person = await town.AddPersonAsync(Born, number: Number);
        await town.DeliverAsync(new InsurerDelivery
        {
            Persons = [new PersonEntry(person.Id, new DateOnly(2001, 1, 1), Name, Kana, OtherName, Sex.Female, Born, Address, "000-0000")],
            EligibilityCertificates = [new(person.Id, person.Id, person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))],
            MedicalTickets =
            [
                new(person.Id, person.Id, person.CoverageId, TestTown.Today.AddDays(-1), TestTown.Today.AddDays(1), new DateOnly(TestTown.Today.Year, TestTown.Today.Month, 1),
                    InstitutionCode.Parse("0110113719"), null, 0, new TicketDetails { Injury1 = Injury }),
            ],
            ClinicalFacts = [new ClinicalEntry(person.Id, person.Id, ClinicalKind.Medicine, TestTown.Today.AddDays(-7), Medicine, "無言診療所")],
        });
        return new SecretPatient(person, await town.AddCardAsync(person), await town.AddCardAsync(person, status: CardStatus.Lost), TestTown.IssueCard());
    }

    public Unspoken Unspoken()
    {
        var unspoken = new Unspoken()
            .Text("name", Name).Text("name", "沈黙寺").Text("name", "千代子").Text("name", Person.Name)
            .Text("kana", Kana).Text("kana", "ﾁﾝﾓｸｼﾞ").Text("kana", "チンモクジ").Text("other name", OtherName).Text("other name", "CHIYOKO")
            .Text("address", Address).Text("medicine", Medicine).Text("injury", Injury).Text("note", Note)
            .Text("insurer", Person.Insurer.ToString()).Text("symbol", Person.Numbers.Symbol).Text("number", Number).Text("My Number", LikeMyNumber).Text("application", ApplicationId)
            .Day("birth date", Born);
        foreach (var card in (TestCard[])[Card, Lost, Unbound])
        {
            using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(card.Certificate);
            // What comes before the key is much the same in all certificates.
            unspoken.Bytes("certificate", card.Certificate[^(card.Certificate.Length / 2)..]).Bytes("card's public key", card.Key.ExportParameters(false).Modulus!)
                .Bytes("serial", certificate.SerialNumberBytes.ToArray())
                .Bytes("fingerprint", certificate.GetCertHash()).Bytes("fingerprint", certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256))
                .Key("card key", card.CardKey);
        }
        return unspoken;
    }
}
