namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>The four kinds of expense on the tax form (医療費の区分 of 医療費控除の明細書; iryouhikoujyo.xyz/article-6/3).</summary>
public enum TaxCategory
{
    /// <summary>診療・治療.</summary>
    Treatment,

    /// <summary>医薬品購入.</summary>
    Medicine,

    /// <summary>介護保険サービス. No health insurer tells of it.</summary>
    LongTermCare,

    /// <summary>その他の医療費.</summary>
    Other,
}

public static class TaxCategories
{
    /// <summary>The form's own word.</summary>
    public static string FormWord(this TaxCategory category) => category switch
    {
        TaxCategory.Treatment => "診療・治療",
        TaxCategory.Medicine => "医薬品購入",
        TaxCategory.LongTermCare => "介護保険サービス",
        TaxCategory.Other => "その他の医療費",
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };
}
