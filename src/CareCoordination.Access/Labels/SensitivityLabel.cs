using System.Collections.Immutable;

namespace CareCoordination.Access.Labels;

/// <summary>
/// What makes a resource more sensitive than others, as a bit that is kept with it. Read from <c>meta.security</c>, and from the codes of
/// the resource. https://hl7.org/fhir/R4/security-labels.html
/// </summary>
[Flags]
public enum SensitivityLabel : long
{
    None = 0,

    /// <summary>Confidentiality R. https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html</summary>
    Restricted = 1,

    /// <summary>Confidentiality V.</summary>
    VeryRestricted = 2,

    /// <summary>Substance use, and what 42 CFR Part 2 protects.</summary>
    SubstanceUse = 4,

    MentalHealth = 8,

    Hiv = 16,

    /// <summary>Sexual and reproductive health, violence, genetics.</summary>
    Intimate = 32,

    /// <summary>A label of sensitivity or of handling that says more than this server knows.</summary>
    Other = 64,

    All = Restricted | VeryRestricted | SubstanceUse | MentalHealth | Hiv | Intimate | Other,
}

/// <summary>A code that labels what has it.</summary>
/// <param name="Code">The whole code; where <paramref name="IsPrefix"/>, what it begins with.</param>
public sealed record LabelledCode(string System, string Code, SensitivityLabel Label, bool IsPrefix = false);

/// <summary>What the codes of <c>meta.security</c> mean.</summary>
public static class SecurityLabels
{
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>https://terminology.hl7.org/ValueSet-v3-InformationSensitivityPolicy.html</summary>
    private static readonly ImmutableDictionary<string, SensitivityLabel> Sensitivities = new Dictionary<
        string,
        SensitivityLabel
    >(StringComparer.Ordinal)
    {
        ["ETH"] = SensitivityLabel.SubstanceUse,
        ["ETHUD"] = SensitivityLabel.SubstanceUse,
        ["OPIOIDUD"] = SensitivityLabel.SubstanceUse,
        ["SUD"] = SensitivityLabel.SubstanceUse,
        ["42CFRPart2"] = SensitivityLabel.SubstanceUse,
        ["PSY"] = SensitivityLabel.MentalHealth,
        ["PSYTHPN"] = SensitivityLabel.MentalHealth,
        ["MH"] = SensitivityLabel.MentalHealth,
        ["BH"] = SensitivityLabel.MentalHealth,
        ["COGN"] = SensitivityLabel.MentalHealth,
        ["HIV"] = SensitivityLabel.Hiv,
        ["STD"] = SensitivityLabel.Intimate,
        ["SEX"] = SensitivityLabel.Intimate,
        ["SDV"] = SensitivityLabel.Intimate,
        ["IPV"] = SensitivityLabel.Intimate,
        ["DVD"] = SensitivityLabel.Intimate,
        ["GDIS"] = SensitivityLabel.Intimate,
        ["PREGNANT"] = SensitivityLabel.Intimate,
        ["ABORTION"] = SensitivityLabel.Intimate,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Codes that say of data that they are not more sensitive than others.</summary>
    private static readonly ImmutableHashSet<string> Ordinary = ["U", "L", "M", "N", "HTEST", "SUBSETTED", "ACTCODE"];

    public static SensitivityLabel Of(string? system, string? code) =>
        (system, code) switch
        {
            (_, null or "") => SensitivityLabel.Other,
            (Confidentiality, "R") => SensitivityLabel.Restricted,
            (Confidentiality, "V") => SensitivityLabel.VeryRestricted,
            (Confidentiality, _) => Ordinary.Contains(code) ? SensitivityLabel.None : SensitivityLabel.Other,
            (ActCode, _) when Sensitivities.TryGetValue(code, out var label) => label,
            _ => Ordinary.Contains(code) ? SensitivityLabel.None : SensitivityLabel.Other,
        };
}
