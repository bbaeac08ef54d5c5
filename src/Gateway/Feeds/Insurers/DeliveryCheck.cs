using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>What can be seen to be wrong with a delivery without asking the store.</summary>
internal static class DeliveryCheck
{
    public const int MaxNameLength = 100;
    public const int MaxTextLength = 200;

    // Enforcement ordinance of the health insurance act, art. 47: a certificate counts for at most five years.
    public const int MaxCertificateYears = 5;

    /// <summary>The first entry at fault; null where none is.</summary>
    public static DeliveryOutcome.Refused? FirstFault(InsurerDelivery delivery)
    {
        if (delivery.EntryCount > InsurerDelivery.MaxEntries) return new(DeliveryFault.TooLarge, FactKind.Person, 0);
        return Twice(delivery.Insurers, FactKind.Insurer, entry => entry.Number, _ => 0)
            ?? Twice(delivery.Persons, FactKind.Person, entry => (entry.PersonId, entry.ValidFrom), entry => entry.PersonId)
            ?? Twice(delivery.Coverages, FactKind.Coverage, entry => entry.CoverageId, entry => entry.CoverageId)
            ?? Twice(delivery.Burdens, FactKind.Burden, entry => entry.BurdenId, entry => entry.BurdenId)
            ?? Twice(delivery.Limits, FactKind.Limit, entry => entry.LimitId, entry => entry.LimitId)
            ?? Twice(delivery.SpecificDiseases, FactKind.SpecificDisease, entry => entry.DiseaseId, entry => entry.DiseaseId)
            ?? Twice(delivery.EligibilityCertificates, FactKind.EligibilityCertificate, entry => entry.CertificateId, entry => entry.CertificateId)
            ?? Twice(delivery.WithheldLimits, FactKind.WithheldLimit, entry => entry.WithheldId, entry => entry.WithheldId)
            ?? Twice(delivery.MedicalTickets, FactKind.MedicalTicket, entry => entry.TicketId, entry => entry.TicketId)
            ?? Twice(delivery.ClinicalFacts, FactKind.Clinical, entry => entry.FactId, entry => entry.FactId)
            ?? WithdrawnAndPut(delivery)
            ?? First(delivery.Insurers, FactKind.Insurer, _ => 0, Fault)
            ?? First(delivery.Persons, FactKind.Person, entry => entry.PersonId, Fault)
            ?? First(delivery.Coverages, FactKind.Coverage, entry => entry.CoverageId, Fault)
            ?? First(delivery.Burdens, FactKind.Burden, entry => entry.BurdenId, Fault)
            ?? First(delivery.Limits, FactKind.Limit, entry => entry.LimitId, Fault)
            ?? First(delivery.SpecificDiseases, FactKind.SpecificDisease, entry => entry.DiseaseId, Fault)
            ?? First(delivery.EligibilityCertificates, FactKind.EligibilityCertificate, entry => entry.CertificateId, Fault)
            ?? First(delivery.WithheldLimits, FactKind.WithheldLimit, entry => entry.WithheldId, Fault)
            ?? First(delivery.MedicalTickets, FactKind.MedicalTicket, entry => entry.TicketId, Fault)
            ?? First(delivery.ClinicalFacts, FactKind.Clinical, entry => entry.FactId, Fault);
    }

    private static DeliveryFault? Fault(InsurerEntry entry) => FaultOf(entry.Name, MaxNameLength, mayBeEmpty: false);

    private static DeliveryFault? Fault(PersonEntry entry) =>
        FaultOf(entry.Name, MaxNameLength, mayBeEmpty: false)
        ?? FaultOf(entry.NameKana, MaxNameLength)
        ?? FaultOf(entry.OtherName, MaxNameLength)
        ?? FaultOf(entry.OtherNameKana, MaxNameLength)
        ?? FaultOf(entry.Address, MaxTextLength)
        ?? FaultOf(entry.PostCode, MaxNameLength)
        ?? (Enum.IsDefined(entry.Sex) && (entry.SexOnDocument is not { } shown || Enum.IsDefined(shown)) ? null : DeliveryFault.CodeUnknown);

    private static DeliveryFault? Fault(CoverageEntry entry)
    {
        if (FaultOf(entry.InsuredName, MaxNameLength) is { } fault) return fault;
        if (entry.LostOn < entry.AcquiredOn) return DeliveryFault.EndsBeforeItBegins;
        if (entry.HouseholdContinuesOn < entry.AcquiredOn || entry.InsuredTurned75On < entry.AcquiredOn) return DeliveryFault.OutsideOfItsCoverage;
        if (entry.Insurer.ToString().Length == 0 || string.IsNullOrEmpty(entry.Numbers.Number)) return DeliveryFault.TextUnfit;
        return ClassificationPolicy.Holds(entry.Classification) && Enum.IsDefined(entry.Relation) && entry.LossReason is null or 1 or 2 or 3 or 99
            ? null
            : DeliveryFault.CodeUnknown;
    }

    private static DeliveryFault? Fault(BurdenEntry entry) =>
        entry.ValidUntil < entry.ValidFrom ? DeliveryFault.EndsBeforeItBegins
        : entry.Percent is 10 or 20 or 30 ? null
        : DeliveryFault.CodeUnknown;

    private static DeliveryFault? Fault(LimitEntry entry) =>
        entry.ValidUntil < entry.ValidFrom ? DeliveryFault.EndsBeforeItBegins
        : entry.CertificateClass is "01" or "02" or "03" && LimitClasses.Holds(entry.LimitClass) ? null
        : DeliveryFault.CodeUnknown;

    private static DeliveryFault? Fault(SpecificDiseaseEntry entry) =>
        entry.ValidUntil < entry.ValidFrom ? DeliveryFault.EndsBeforeItBegins
        : entry.Category is 1 or 2 or 3 && entry.MonthlyLimitYen is 5_000 or 10_000 or 20_000 ? null
        : DeliveryFault.CodeUnknown;

    private static DeliveryFault? Fault(EligibilityCertificateEntry entry) =>
        entry.ValidUntil < entry.IssuedOn ? DeliveryFault.EndsBeforeItBegins
        : entry.ValidUntil > entry.IssuedOn.AddYears(MaxCertificateYears) ? DeliveryFault.CodeUnknown
        : null;

    private static DeliveryFault? Fault(WithheldLimitEntry entry) => entry.ValidUntil < entry.ValidFrom ? DeliveryFault.EndsBeforeItBegins : null;

    private static DeliveryFault? Fault(MedicalTicketEntry entry)
    {
        if (entry.ValidUntil < entry.ValidFrom) return DeliveryFault.EndsBeforeItBegins;
        if (entry.TreatmentMonth.Day != 1 || entry.SelfPayYen < 0 || entry.Institution == default) return DeliveryFault.CodeUnknown;
        foreach (var text in entry.Details.Texts)
            if (FaultOf(text, MaxNameLength) is { } fault) return fault;
        return null;
    }

    private static DeliveryFault? Fault(ClinicalEntry entry) =>
        FaultOf(entry.What, MaxTextLength)
        ?? FaultOf(entry.Institution, MaxTextLength)
        ?? (Enum.IsDefined(entry.Kind) ? null : DeliveryFault.CodeUnknown);

    /// <summary>What is wrong with a name, an address or what else registers have in words.</summary>
    public static DeliveryFault? FaultOf(string text, int maxLength, bool mayBeEmpty = true) =>
        text.Length == 0 && !mayBeEmpty ? DeliveryFault.TextUnfit
        : WrittenText.FaultOf(text, maxLength, isName: true) switch
        {
            null => null,
            WrittenTextFault.LooksLikeMyNumber => DeliveryFault.LooksLikeMyNumber,
            _ => DeliveryFault.TextUnfit,
        };

    private static DeliveryOutcome.Refused? First<TEntry>(
        IReadOnlyList<TEntry> entries, FactKind kind, Func<TEntry, long> id, Func<TEntry, DeliveryFault?> faultOf)
    {
        foreach (var entry in entries)
            if (faultOf(entry) is { } fault) return new(fault, kind, id(entry));
        return null;
    }

    private static DeliveryOutcome.Refused? Twice<TEntry, TKey>(
        IReadOnlyList<TEntry> entries, FactKind kind, Func<TEntry, TKey> key, Func<TEntry, long> id)
    {
        var seen = new HashSet<TKey>(entries.Count);
        foreach (var entry in entries)
            if (!seen.Add(key(entry))) return new(DeliveryFault.TwiceInDelivery, kind, id(entry));
        return null;
    }

    private static DeliveryOutcome.Refused? WithdrawnAndPut(InsurerDelivery delivery)
    {
        if (delivery.Withdrawals.Count == 0) return null;
        var put = new HashSet<FactReference>();
        put.UnionWith(delivery.Coverages.Select(entry => new FactReference(FactKind.Coverage, entry.CoverageId)));
        put.UnionWith(delivery.Burdens.Select(entry => new FactReference(FactKind.Burden, entry.BurdenId)));
        put.UnionWith(delivery.Limits.Select(entry => new FactReference(FactKind.Limit, entry.LimitId)));
        put.UnionWith(delivery.SpecificDiseases.Select(entry => new FactReference(FactKind.SpecificDisease, entry.DiseaseId)));
        put.UnionWith(delivery.EligibilityCertificates.Select(entry => new FactReference(FactKind.EligibilityCertificate, entry.CertificateId)));
        put.UnionWith(delivery.WithheldLimits.Select(entry => new FactReference(FactKind.WithheldLimit, entry.WithheldId)));
        put.UnionWith(delivery.MedicalTickets.Select(entry => new FactReference(FactKind.MedicalTicket, entry.TicketId)));
        put.UnionWith(delivery.ClinicalFacts.Select(entry => new FactReference(FactKind.Clinical, entry.FactId)));
        foreach (var withdrawal in delivery.Withdrawals)
        {
            if (withdrawal.Kind is FactKind.Insurer or FactKind.Person) return new(DeliveryFault.FactUnknown, withdrawal.Kind, withdrawal.Id);
            if (!put.Add(withdrawal)) return new(DeliveryFault.TwiceInDelivery, withdrawal.Kind, withdrawal.Id);
        }
        return null;
    }
}
