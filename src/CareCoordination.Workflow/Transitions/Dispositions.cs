using System.Collections.Frozen;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>Where a discharge leads, as far as what follows depends on it.</summary>
public enum DischargeRoute
{
    /// <summary>Home, or to what counts as home: thirty days of transitional care.</summary>
    Community,

    /// <summary>Left against medical advice: as home, and urgent.</summary>
    AgainstAdvice,

    /// <summary>To another facility: it is followed, and transitional care begins when that one discharges.</summary>
    Facility,

    /// <summary>To hospice: others take over.</summary>
    Hospice,

    /// <summary>The patient has died.</summary>
    Died,

    /// <summary>Still a patient: no discharge yet.</summary>
    StillPatient,
}

/// <summary>
/// The codes of discharge dispositions. https://terminology.hl7.org/CodeSystem-discharge-disposition.html; the patient discharge status
/// of the uniform bill, with and without a leading zero, for which our own routes stand and no words of others.
/// </summary>
public static class Dispositions
{
    public const string System = "http://terminology.hl7.org/CodeSystem/discharge-disposition";

    private static readonly FrozenDictionary<string, DischargeRoute> Routes = new (
        DischargeRoute Route,
        string[] Codes
    )[]
    {
        (DischargeRoute.Community, ["home", "alt-home", "01", "06", "21", "81", "86", "87"]),
        (
            DischargeRoute.Facility,
            [
                "snf",
                "rehab",
                "long",
                "psy",
                "other-hcf",
                "02",
                "03",
                "04",
                "05",
                "43",
                "61",
                "62",
                "63",
                "64",
                "65",
                "66",
                "70",
                "82",
                "83",
                "84",
                "85",
                "88",
                "89",
                "90",
                "91",
                "92",
                "93",
                "94",
                "95",
            ]
        ),
        (DischargeRoute.AgainstAdvice, ["aadvice", "07"]),
        // The code hosp of FHIR means hospice, and no hospital.
        (DischargeRoute.Hospice, ["hosp", "50", "51"]),
        (DischargeRoute.Died, ["exp", "20", "40", "41", "42"]),
        (DischargeRoute.StillPatient, ["30", "09"]),
    }
        .SelectMany(r => r.Codes, (r, code) => (code, r.Route))
        .ToFrozenDictionary(p => p.code, p => p.Route, StringComparer.Ordinal);

    /// <summary>The code that says where to; null where none does.</summary>
    public static DischargeRoute? RouteOf(CodeableConceptView disposition)
    {
        foreach (var coding in disposition.Coding)
        {
            if (RouteOf(coding.Code) is { } route)
                return route;
        }

        return null;
    }

    /// <summary>Null for a code that is not known.</summary>
    public static DischargeRoute? RouteOf(string? code) =>
        code is null ? null
        : Routes.TryGetValue(code is [>= '0' and <= '9'] ? "0" + code : code, out var route) ? route
        : null;
}
