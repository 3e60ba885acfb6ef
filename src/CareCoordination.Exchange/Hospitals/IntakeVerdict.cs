using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>What the intake answered, in the words of HL7 v2: the place in the message that the element came from, and a code of table 0357.</summary>
internal static class IntakeVerdict
{
    /// <summary>Elements as the intake names them, and where they come from; the first that fits.</summary>
    private static readonly (string Element, string Place)[] Places =
    [
        ("Bundle.timestamp", "MSH-7"),
        ("Bundle.id", "MSH-10"),
        ("dischargeDisposition", "PV1-36"),
        ("period.end", "PV1-45"),
        ("period.start", "PV1-44"),
        ("Encounter.class", "PV1-2"),
        ("Encounter.identifier", "PV1-19"),
        (ResourceTypes.Encounter, "PV1"),
        (PatientView.At.Identifier, "PID-3"),
        (PatientView.At.BirthDate, "PID-7"),
        (ResourceTypes.Patient, "PID"),
        (ResourceTypes.Condition, "DG1"),
        (ResourceTypes.Coverage, "IN1"),
        (ResourceTypes.Observation, "OBX"),
        ("eventCoding", "MSH-9.2"),
    ];

    /// <summary>Taken, also where somebody has to look first: the message is kept and need not come again.</summary>
    public static Verdict Of(FhirResponse response) =>
        response.IsSuccess
            ? Verdict.Taken
            : Verdict.Refused([.. response.Issues.Where(i => i.IsError).Select(i => Fault(response.Status, i))]);

    public static Verdict Of(Failure failure) => Of(FhirResponse.Of(failure));

    private static Hl7Fault Fault(int status, Issue issue) =>
        new(Code(status, issue.Code), Place(issue.Expression), issue.Diagnostics);

    private static ErrorCode Code(int status, IssueCode code) =>
        status is >= 500 or 429
            ? ErrorCode.InternalError
            : code switch
            {
                IssueCode.Required => ErrorCode.RequiredFieldMissing,
                IssueCode.CodeInvalid or IssueCode.NotSupported => ErrorCode.TableValueNotFound,
                IssueCode.NotFound or IssueCode.MultipleMatches or IssueCode.Unknown => ErrorCode.UnknownKeyIdentifier,
                IssueCode.Duplicate or IssueCode.Conflict => ErrorCode.DuplicateKeyIdentifier,
                IssueCode.TooLong or IssueCode.TooCostly => ErrorCode.ValueTooLong,
                IssueCode.LockError or IssueCode.Transient => ErrorCode.InternalError,
                _ => ErrorCode.DataType,
            };

    private static Hl7Place Place(string? element)
    {
        var known = Places.FirstOrDefault(p => element?.Contains(p.Element, StringComparison.Ordinal) is true);
        return Hl7Place.Parse(known.Place ?? SegmentName.Header);
    }
}
