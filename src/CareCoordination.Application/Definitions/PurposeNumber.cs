using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Definitions;

/// <summary>Purposes of use as the numbers that are kept of them. https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html</summary>
internal static class PurposeNumber
{
    /// <summary>What a caller is taken to do who says nothing else.</summary>
    public const string Treatment = "TREAT";

    /// <summary>What an export is taken to be for that says nothing else: the operation of health care.</summary>
    public const string Operations = "HOPERAT";

    public static long Of(string code) => StableHash.Of(code, 0).Key;
}
