namespace EligibilityGateway.Demo.Population;

/// <summary>Which part of the national system insures a person.</summary>
internal enum Scheme
{
    /// <summary>Japan Health Insurance Association (協会けんぽ): employees of small firms. Law number 01.</summary>
    Association,

    /// <summary>Health insurance society (健康保険組合): employees of large firms. Law number 06.</summary>
    Society,

    /// <summary>Mutual aid association (共済組合): public servants and teachers. Law numbers 32 and 34.</summary>
    MutualAid,

    /// <summary>Municipal national health insurance (国民健康保険): six digits.</summary>
    Municipal,

    /// <summary>Scheme for those of 75 and over (後期高齢者医療). Law number 39.</summary>
    LateElderly,
}
