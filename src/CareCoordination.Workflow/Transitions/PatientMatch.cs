using System.Globalization;
using System.Text;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>How sure it is that two records are of one person. https://hl7.org/fhir/R4/valueset-match-grade.html</summary>
public enum MatchGrade
{
    CertainlyNot,
    Possible,
    Probable,
    Certain,
}

/// <param name="Score">From 0 to 1.</param>
public readonly record struct MatchResult(MatchGrade Grade, decimal Score)
{
    public string Code =>
        Grade switch
        {
            MatchGrade.Certain => "certain",
            MatchGrade.Probable => "probable",
            MatchGrade.Possible => "possible",
            _ => "certainly-not",
        };
}

/// <summary>
/// Compares two Patients: an identifier of one assigner decides, as long as the birth dates do not contradict; without one the name, the
/// birth date, the gender, and an address or a telephone have to agree. The weights are proposals of this project.
/// https://hl7.org/fhir/R4/patient-operation-match.html
/// </summary>
public static class PatientMatch
{
    private const decimal Family = 0.25m;
    private const decimal Given = 0.15m;
    private const decimal BirthDate = 0.30m;
    private const decimal Gender = 0.05m;
    private const decimal Telecom = 0.125m;
    private const decimal Address = 0.125m;
    private const decimal PossibleFrom = 0.55m;

    public static MatchResult Compare(PatientView sought, PatientView candidate)
    {
        var birth = SameBirth(sought, candidate);
        if (SharesIdentifier(sought, candidate))
            return birth is false ? new(MatchGrade.Possible, 0.5m) : new(MatchGrade.Certain, 1m);
        if (birth is false)
            return new(MatchGrade.CertainlyNot, 0m);
        var family = SharesFamily(sought, candidate);
        var given = SharesGiven(sought, candidate);
        var gender = sought.Gender is { } g && g == candidate.Gender;
        var contradicts =
            sought.Gender is "male" or "female"
            && candidate.Gender is "male" or "female"
            && sought.Gender != candidate.Gender;
        var telecom = SharesTelecom(sought, candidate);
        var address = SharesAddress(sought, candidate);
        var score =
            (family ? Family : 0)
            + (given ? Given : 0)
            + (birth is true ? BirthDate : 0)
            + (gender ? Gender : 0)
            + (telecom ? Telecom : 0)
            + (address ? Address : 0);
        var isPerson = family && given && birth is true;
        var grade =
            isPerson && gender && (telecom || address) ? MatchGrade.Certain
            : isPerson && !contradicts ? MatchGrade.Probable
            : score >= PossibleFrom ? MatchGrade.Possible
            : MatchGrade.CertainlyNot;
        return new(grade, grade == MatchGrade.CertainlyNot ? 0m : score);
    }

    /// <summary>Null where one of them does not say.</summary>
    public static bool? SameBirth(PatientView a, PatientView b)
    {
        if (a.BirthDate is not { } x || b.BirthDate is not { } y)
            return null;
        var precision = x.Precision < y.Precision ? x.Precision : y.Precision;
        return x.Local.Year == y.Local.Year
            && (precision < DatePrecision.Month || x.Local.Month == y.Local.Month)
            && (precision < DatePrecision.Day || x.Local.Day == y.Local.Day);
    }

    private static bool SharesIdentifier(PatientView a, PatientView b)
    {
        foreach (var x in a.Identifier)
        {
            if (
                x is { System: { } system, Value: { } value }
                && b.Identifier.Any(y => y.System == system && y.Value == value)
            )
                return true;
        }

        return false;
    }

    private static bool SharesFamily(PatientView a, PatientView b) =>
        a.Name.Any(x =>
            x.Family is { } family && b.Name.Any(y => y.Family is { } other && Fold(family) == Fold(other))
        );

    private static bool SharesGiven(PatientView a, PatientView b) =>
        a.Name.Any(x =>
            x.Given.FirstOrDefault() is { } given && b.Name.Any(y => y.Given.Any(o => Fold(given) == Fold(o)))
        );

    private static bool SharesTelecom(PatientView a, PatientView b) =>
        a.Telecom.Any(x =>
            x.Value is { } value
            && b.Telecom.Any(y => y.System == x.System && y.Value is { } other && Digits(value) == Digits(other))
        );

    private static bool SharesAddress(PatientView a, PatientView b) =>
        a.Address.Any(x =>
            x.PostalCode is { } code
            && x.Line.FirstOrDefault() is { } line
            && b.Address.Any(y => y.PostalCode == code && y.Line.Any(l => Fold(l) == Fold(line)))
        );

    /// <summary>Of an e-mail address the whole, of a telephone number its last ten digits.</summary>
    private static string Digits(string telecom)
    {
        if (telecom.Contains('@', StringComparison.Ordinal))
            return Fold(telecom);
        var digits = new string([.. telecom.Where(char.IsAsciiDigit)]);
        return digits.Length > 10 ? digits[^10..] : digits;
    }

    /// <summary>Without case, accents, and what is neither letter nor digit.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.ToUpperInvariant(c));
        }

        return folded.ToString();
    }
}
