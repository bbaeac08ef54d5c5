using EligibilityGateway.Rules.Eligibility.Policies;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>A bill's special code (レセプト特記事項) and what is written after it.</summary>
public readonly record struct ReceiptCodeLabel(string Code, string Label);

/// <summary>Which special codes a bill bears for a limit: Policies/receipt-codes.json.</summary>
public static class ReceiptCodes
{
    /// <summary>Null where none was in force on the day, or none is known.</summary>
    public static ReceiptCodeLabel? OfClass(string limitClass, DateOnly day) => LabelOf(ReceiptCodePolicy.OfClass(limitClass, day));

    /// <inheritdoc cref="OfClass"/>
    public static ReceiptCodeLabel? OfSpecificDisease(int monthlyLimitYen, DateOnly day) => LabelOf(ReceiptCodePolicy.OfSpecificDisease(monthlyLimitYen, day));

    private static ReceiptCodeLabel? LabelOf(ReceiptCodeRow? row) => row is null ? null : new ReceiptCodeLabel(row.Code, row.Label);
}
