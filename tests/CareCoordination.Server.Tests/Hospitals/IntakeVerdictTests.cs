using CareCoordination.Application.Answers;
using CareCoordination.Exchange.Hospitals;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Hl7v2.Acknowledgements;

namespace CareCoordination.Server.Tests.Hospitals;

/// <summary>What the intake answers, in the words of HL7 v2.</summary>
public sealed class IntakeVerdictTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    public void What_was_taken_or_is_kept_for_somebody_to_look_at_is_taken(int status) =>
        Assert.Equal(Verdict.Taken, IntakeVerdict.Of(new FhirResponse { Status = status }));

    [Theory]
    [InlineData(422, IssueCode.Required, "Encounter.period.end", "101 PV1-45")]
    [InlineData(422, IssueCode.Value, "Bundle.entry[1].resource.period.end", "102 PV1-45")]
    [InlineData(422, IssueCode.Value, "Encounter.period.start", "102 PV1-44")]
    [InlineData(422, IssueCode.CodeInvalid, "Encounter.hospitalization.dischargeDisposition", "103 PV1-36")]
    [InlineData(422, IssueCode.CodeInvalid, "Encounter.class", "103 PV1-2")]
    [InlineData(422, IssueCode.BusinessRule, "Encounter.status", "102 PV1")]
    [InlineData(422, IssueCode.MultipleMatches, "Patient.identifier", "204 PID-3")]
    [InlineData(404, IssueCode.NotFound, "Patient", "204 PID")]
    [InlineData(422, IssueCode.Value, "Patient.birthDate", "102 PID-7")]
    [InlineData(409, IssueCode.Conflict, "Bundle.timestamp", "205 MSH-7")]
    [InlineData(400, IssueCode.Duplicate, "Bundle.id", "205 MSH-10")]
    [InlineData(413, IssueCode.TooLong, null, "104 MSH")]
    [InlineData(422, IssueCode.Invariant, "Condition.code", "102 DG1")]
    [InlineData(422, IssueCode.Invariant, "Bundle.entry[0].resource.eventCoding", "102 MSH-9.2")]
    [InlineData(503, IssueCode.Transient, null, "207 MSH")]
    [InlineData(503, IssueCode.Timeout, "Encounter", "207 PV1")]
    [InlineData(500, IssueCode.Exception, null, "207 MSH")]
    [InlineData(429, IssueCode.Throttled, null, "207 MSH")]
    [InlineData(409, IssueCode.LockError, null, "207 MSH")]
    [InlineData(422, IssueCode.Value, "Something.else", "102 MSH")]
    public void What_was_refused_has_the_place_in_the_message(int status, IssueCode code, string? element, string fault)
    {
        var verdict = IntakeVerdict.Of(Failure.From(status, code, "A sentence.", element));

        Assert.Equal(Stage.Application, verdict.Reached);
        var told = Assert.Single(verdict.Faults);
        Assert.Equal(fault, $"{(int)told.Code} {told.Place}");
        Assert.Equal("A sentence.", told.Sentence);
    }

    [Fact]
    public void Warnings_are_no_faults() =>
        Assert.Single(
            IntakeVerdict
                .Of(new Failure(422, [Issue.Warning(IssueCode.Value, "x"), Issue.Error(IssueCode.Value, "y")]))
                .Faults
        );
}
