using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using MediatR;

namespace CareCoordination.Analytics.Measures;

/// <summary>What a measure comes to in a period. https://hl7.org/fhir/R4/measure-operation-evaluate-measure.html</summary>
internal sealed record EvaluateMeasure(MeasureQuery Query, string ReportType, string BaseUrl)
    : FhirInteraction("$evaluate-measure", ResourceTypes.Measure, Query.Measure.Id)
{
    private const string Store = "store";

    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Measure,
        "evaluate-measure",
        "What a measure of docs/measures.md comes to in a period, of one patient, of all, or of those of a practitioner, an organisation or a programme; told apart by age, sex, race, ethnicity, language, payer, programme, practitioner and organisation.",
        Read
    )
    {
        AffectsState = false,
        ChangesBy = Store,
        IsOnType = true,
        Answer = "MeasureReport",
        StandardDefinition = "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure",
        Parameters =
        [
            new("periodStart", ["date"], "The first day.") { IsRequired = true },
            new("periodEnd", ["date"], "The last day.") { IsRequired = true },
            new(
                "measure",
                ["string", "canonical", "uri"],
                "The id or the URL of the measure, where the operation is asked of the type."
            ),
            new(
                "reportType",
                ["code", "string"],
                "subject, subject-list or population; population where it is left out, and subject where there is one."
            ),
            new("subject", ["string", "Reference"], "One Patient."),
            new("practitioner", ["string", "Reference"], "Only what is of this Practitioner or PractitionerRole."),
            new("organization", ["string", "Reference"], "Only what is of this Organization."),
            new("programme", ["string", "code"], "Only what is of this programme."),
            new(
                Store,
                ["boolean"],
                "True, in a POST: the report is stored, one for each such question, and is the answer with its id and version. A report of the type subject-list is not."
            ),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!MeasureInput.Query(input).TryGet(out var query, out var failure))
            return failure;
        var type = input.Text("reportType") ?? (query.Patient is null ? "population" : "subject");
        if (type is not ("subject" or "subject-list" or "population" or "patient" or "patient-list"))
            return Failure.Invalid(
                IssueCode.Value,
                $"There is no reportType '{type}': say subject, subject-list or population.",
                "Parameters.parameter"
            );
        if (type is "subject" or "patient" && query.Patient is null)
            return Failure.Invalid(
                IssueCode.Required,
                "A report about one subject needs 'subject', such as Patient/4711.",
                "Parameters.parameter"
            );
        return input.Flag(Store) is true ? Stored(input, query, type) : new EvaluateMeasure(query, type, input.BaseUrl);
    }

    private static Result<FhirInteraction> Stored(OperationInput input, MeasureQuery query, string type)
    {
        if (input.IsSafe)
            return Failure.Invalid(
                IssueCode.BusinessRule,
                "GET stores nothing: ask for 'store' by POST.",
                "Parameters.parameter"
            );
        if (type is "subject-list" or "patient-list")
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "A list of subjects is told to whoever sees them, and is not stored: store the report of the type population, or of each subject."
            );
        return input.Command(call => new StoreReport(call, query, input.BaseUrl));
    }
}

/// <summary>The parameters that questions of measures share.</summary>
internal static class MeasureInput
{
    public static Result<MeasureQuery> Query(OperationInput input)
    {
        if (!Measure(input).TryGet(out var measure, out var failure))
            return failure;
        return Period(input)
            .Then(period =>
                !measure.Counts(period.Start, period.End)
                    ? Failure.Unprocessable(
                        IssueCode.BusinessRule,
                        $"The measure {measure.Id} counts from {measure.EffectiveFrom:yyyy-MM-dd}{(measure.EffectiveTo is { } to ? $" to {to:yyyy-MM-dd}" : "")}, which the period does not meet."
                    )
                    : Narrowed(input, new MeasureQuery(measure, period.Start, period.End))
            );
    }

    public static Result<(DateOnly Start, DateOnly End)> Period(OperationInput input)
    {
        if (input.Date("periodStart") is not { } first || input.Date("periodEnd") is not { } last)
            return Failure.Invalid(
                IssueCode.Required,
                "A period has a first day and a last one: periodStart and periodEnd.",
                "Parameters.parameter"
            );
        var (start, end) = (first.DayIn(TimeZoneInfo.Utc), last.LastDayIn(TimeZoneInfo.Utc));
        return start > end
            ? Failure.Invalid(
                IssueCode.Value,
                $"The period begins after it ends: {start:yyyy-MM-dd} is after {end:yyyy-MM-dd}.",
                "Parameters.parameter"
            )
            : (start, end);
    }

    private static Result<MeasureDefinition> Measure(OperationInput input)
    {
        var named = input.Key.Id.Length > 0 ? input.Key.Id : input.Text("measure");
        if (named is null)
            return Failure.Invalid(
                IssueCode.Required,
                $"Say which measure: POST or GET Measure/[id]/$evaluate-measure, or 'measure'. There are {string.Join(", ", MeasureLibrary.All.Select(m => m.Id))}.",
                "Parameters.parameter"
            );
        var id = named.Split('|')[0].Split('/')[^1];
        return MeasureLibrary.Find(id) is { } measure
            ? measure
            : Failure.NotFound(
                $"There is no measure '{id}' that this server can evaluate: there are {string.Join(", ", MeasureLibrary.All.Select(m => m.Id))}."
            );
    }

    private static Result<MeasureQuery> Narrowed(OperationInput input, MeasureQuery query)
    {
        if (
            !IdOf(input, "subject", [ResourceTypes.Patient]).TryGet(out var patient, out var failure)
            || !IdOf(input, "practitioner", [ResourceTypes.Practitioner, ResourceTypes.PractitionerRole])
                .TryGet(out var practitioner, out failure)
            || !IdOf(input, "organization", [ResourceTypes.Organization]).TryGet(out var organization, out failure)
        )
            return failure;
        return query with
        {
            Patient = patient,
            Practitioner = practitioner,
            Organization = organization,
            Programme = input.Text("programme"),
        };
    }

    public static Result<string?> IdOf(OperationInput input, string name, string[] types)
    {
        if (input.Reference(name) is not { } text)
            return (string?)null;
        var parts = text.Split('/');
        return parts is [var only] && FhirId.IsValid(only) ? only
            : parts is [var type, var id] && types.Contains(type) && FhirId.IsValid(id) ? id
            : Failure.Invalid(
                IssueCode.Value,
                $"'{name}' names a {string.Join(" or a ", types)} of this server, such as {types[0]}/4711.",
                "Parameters.parameter"
            );
    }
}

internal sealed class EvaluateMeasureHandler(MeasureEvaluation evaluation)
    : IRequestHandler<EvaluateMeasure, FhirResponse>
{
    public async Task<FhirResponse> Handle(EvaluateMeasure asked, CancellationToken cancellationToken) =>
        (await evaluation.OfAsync(asked.Query, asked.ReportType, asked.BaseUrl, cancellationToken)).TryGet(
            out var report,
            out var failure
        )
            ? FhirResponse.Of(new BytesContent(report.ToUtf8Json()))
            : failure;
}
