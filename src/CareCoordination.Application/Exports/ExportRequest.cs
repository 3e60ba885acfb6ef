using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Application.Exports;

/// <summary>What is exported of: https://hl7.org/fhir/uv/bulkdata/export.html#kick-off-request</summary>
public enum ExportLevel
{
    /// <summary>Everything.</summary>
    System,

    /// <summary>What is in the compartments of patients.</summary>
    Patient,

    /// <summary>What is in those of the members of a group.</summary>
    Group,
}

/// <summary>What was asked for, as far as it can be judged without looking at what is stored.</summary>
/// <param name="Types">Empty: all that the level has.</param>
/// <param name="TypeFilters">Queries as <c>Observation?code=x</c>, each of which has been read once.</param>
public sealed record ExportRequest(ExportLevel Level, ImmutableArray<string> Types, ImmutableArray<string> TypeFilters)
{
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary><c>Patient.name</c>, or <c>name</c> for every type.</summary>
    public ImmutableArray<string> Elements { get; init; } = [];

    public ImmutableArray<string> Patients { get; init; } = [];

    /// <summary>Why parts of the request were passed over.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>The request as an address, for the manifest and the audit trail.</summary>
    public required string Url { get; init; }
}

/// <summary>Reads the parameters of an export.</summary>
internal static class ExportParameters
{
    /// <summary>More patients than this are a Group.</summary>
    private const int MaxPatients = 1000;

    private const int MaxTypeFilters = 100;

    /// <summary>Not offered. A client that says <c>Prefer: handling=lenient</c> can do without.</summary>
    private static readonly ImmutableArray<string> NotOffered = ["includeAssociatedData", "organizeOutputBy"];

    private static readonly ImmutableArray<string> Formats =
    [
        "application/fhir+ndjson",
        "application/ndjson",
        "ndjson",
        // A plus sign that was not encoded arrives as a space.
        "application/fhir ndjson",
    ];

    private static readonly ImmutableArray<string> Instant = ["instant", "dateTime", "date", "string"];

    private static readonly ImmutableArray<string> Text = ["string", "code"];

    public static readonly ImmutableArray<OperationParameter> OfSystem =
    [
        new("_outputFormat", Text, "The format of the files: application/fhir+ndjson, which is the only one."),
        new("_since", Instant, "Only resources that have changed at this instant or later, and which were deleted."),
        new("_until", Instant, "Only resources whose last change was before this instant."),
        new("_type", Text, "Only these types: repeated, or separated by commas.") { IsRepeatable = true },
        new("_typeFilter", Text, "A search of one type, as Observation?code=x: its resources have to meet any of them.")
        {
            IsRepeatable = true,
        },
        new("_elements", Text, "Only these elements, as Patient.name or name, and those that must be there.")
        {
            IsRepeatable = true,
        },
        new("includeAssociatedData", ["code", "Coding", "string"], "Not offered.") { IsRepeatable = true },
        new("organizeOutputBy", Text, "Not offered: each file has resources of one type."),
        new("allowPartialManifests", ["boolean"], "Passed over: there is one manifest, when all files are there."),
    ];

    public static readonly ImmutableArray<OperationParameter> OfPatients =
    [
        .. OfSystem,
        new("patient", ["Reference"], "Only these patients, by POST: an address is no place for them.")
        {
            IsRepeatable = true,
        },
    ];

    public static Result<ExportRequest> Read(OperationInput input, ExportLevel level)
    {
        if (!input.Preferences.RespondsLater)
            return Failure.Invalid(
                IssueCode.Required,
                "An export goes on after its request: send the header Prefer: respond-async, and ask at the address of Content-Location how far it is."
            );
        if (input.Text("_outputFormat") is { } format && !Formats.Contains(format))
            return Failure.Invalid(
                IssueCode.NotSupported,
                "_outputFormat is application/fhir+ndjson, application/ndjson or ndjson: files have one resource a line.",
                "Parameters.parameter"
            );
        if (!Ignored(input).TryGet(out var ignored, out var failure))
            return failure;
        if (!Time(input, "_since").TryGet(out var since, out failure))
            return failure;
        if (!Time(input, "_until").TryGet(out var until, out failure))
            return failure;
        if (!Types(input, level).TryGet(out var types, out failure))
            return failure;
        if (!Filters(input).TryGet(out var filters, out failure))
            return failure;
        if (!Elements(input).TryGet(out var elements, out failure))
            return failure;
        if (!Patients(input).TryGet(out var patients, out failure))
            return failure;
        return new ExportRequest(level, types, filters)
        {
            Since = since.At,
            Until = until.At,
            Elements = elements,
            Patients = patients,
            Ignored = ignored,
            Url = Url(input),
        };
    }

    private static string Url(OperationInput input)
    {
        var place =
            input.Key.Id.Length > 0 ? $"{input.Key}/"
            : input.Operation.IsOnSystem ? ""
            : $"{input.Key.Type}/";
        // Who the patients are is in the body, and stays there.
        var query = input.Repeated("patient").TrimEnd('&');
        return $"{input.BaseUrl}/{place}{input.Operation.Code}{(query.Length == 0 ? "" : $"?{query}")}";
    }

    private static Result<ImmutableArray<string>> Ignored(OperationInput input)
    {
        var sent = NotOffered.Where(input.Has).ToList();
        if (sent.Count == 0)
            return ImmutableArray<string>.Empty;
        return input.Preferences.IsLenient
            ? sent.Select(name => $"'{name}' is not offered and was passed over.").ToImmutableArray()
            : Failure.Invalid(
                IssueCode.NotSupported,
                $"'{sent[0]}' is not offered: leave it out, or send Prefer: respond-async, handling=lenient to have it passed over.",
                "Parameters.parameter"
            );
    }

    private static Result<(DateTimeOffset? At, bool IsRead)> Time(OperationInput input, string name)
    {
        foreach (var parameter in input.All(name))
        {
            if (OperationInput.TimeOf(parameter) is { } time)
                return (time.Instant, true);
            return
                OperationInput.TextOf(parameter) is { } text
                && FhirDateTime.TryParse(DateParameter.WithPlus(text), out var read)
                ? (read.Instant, true)
                : Failure.Invalid(
                    IssueCode.Value,
                    $"{name} is no instant: write 2026-03-01T10:00:00Z.",
                    "Parameters.parameter"
                );
        }

        return ((DateTimeOffset?)null, true);
    }

    private static IEnumerable<string> Listed(OperationInput input, string name) =>
        input
            .All(name)
            .Select(OperationInput.TextOf)
            .OfType<string>()
            .SelectMany(text =>
                text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            );

    private static Result<ImmutableArray<string>> Types(OperationInput input, ExportLevel level)
    {
        var types = Listed(input, "_type").Distinct(StringComparer.Ordinal).ToImmutableArray();
        foreach (var type in types)
        {
            if (!input.Definitions.Schema.IsResourceType(type))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"_type has '{Short(type)}', which is no resource type of FHIR R4.",
                    "Parameters.parameter"
                );
            if (level != ExportLevel.System && !ExportTypes.MayBeAsked(type, input.Definitions))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"_type has {type}, which does not say what patient it is about: export it from the whole server, at [base]/$export.",
                    "Parameters.parameter"
                );
        }

        return types;
    }

    private static Result<ImmutableArray<string>> Filters(OperationInput input)
    {
        var filters = input
            .All("_typeFilter")
            .Select(OperationInput.TextOf)
            .OfType<string>()
            .SelectMany(text => Split(text, input.Definitions))
            .ToImmutableArray();
        if (filters.Length > MaxTypeFilters)
            return Failure.Invalid(
                IssueCode.TooCostly,
                $"At most {MaxTypeFilters} of _typeFilter are taken together.",
                "Parameters.parameter"
            );
        foreach (var filter in filters)
        {
            if (TypeFilter.Parse(filter, input.Definitions, input.BaseUrl).TryGet(out var parsed, out var failure))
                failure = TypeFilter.WhyNot(parsed);
            if (failure is not null)
                return failure;
        }

        return filters;
    }

    /// <summary>In an address several may be written with commas between them: where a type and a question mark follow.</summary>
    private static IEnumerable<string> Split(string text, FhirDefinitions definitions)
    {
        var start = 0;
        for (var at = text.IndexOf(',', StringComparison.Ordinal); at >= 0; at = text.IndexOf(',', at + 1))
        {
            var question = text.IndexOf('?', at);
            if (question < 0 || !definitions.Schema.IsResourceType(text[(at + 1)..question].Trim()))
                continue;
            yield return text[start..at].Trim();
            start = at + 1;
        }

        yield return text[start..].Trim();
    }

    private static Result<ImmutableArray<string>> Elements(OperationInput input)
    {
        var elements = Listed(input, "_elements").Distinct(StringComparer.Ordinal).ToImmutableArray();
        foreach (var element in elements)
        {
            var parts = element.Split('.');
            if (parts.Length > 2 || (parts.Length == 2 && !input.Definitions.Schema.IsResourceType(parts[0])))
                return Failure.Invalid(
                    IssueCode.Value,
                    $"_elements has '{Short(element)}': write an element of a resource itself, as Patient.name, or name for all types.",
                    "Parameters.parameter"
                );
        }

        return elements;
    }

    private static Result<ImmutableArray<string>> Patients(OperationInput input)
    {
        var patients = input.All("patient").Select(input.ReferenceOf).OfType<string>().ToImmutableArray();
        if (patients.IsEmpty)
            return patients;
        if (input.Body.IsEmpty)
            return Failure.Invalid(
                IssueCode.NotSupported,
                "'patient' is sent by POST in a Parameters: addresses are written down in many places."
            );
        if (patients.Length > MaxPatients)
            return Failure.Invalid(
                IssueCode.TooCostly,
                $"At most {MaxPatients} patients are named in a request: more are a Group, whose $export has them all.",
                "Parameters.parameter"
            );
        return
            patients.FirstOrDefault(p => p.Split('/') is not [ResourceTypes.Patient, var id] || !FhirId.IsValid(id))
                is not null
            ? Failure.Invalid(
                IssueCode.Value,
                "'patient' refers to patients of this server, as Patient/123.",
                "Parameters.parameter"
            )
            : patients.Distinct(StringComparer.Ordinal).ToImmutableArray();
    }

    private static string Short(string text) => text.Length > 64 ? text[..64] : text;
}

/// <summary>Which types an export has.</summary>
internal static class ExportTypes
{
    /// <summary>Of patients: the types of their compartment.</summary>
    public static bool IsOfPatients(string type, FhirDefinitions definitions) =>
        type == ResourceTypes.Patient || !definitions.SearchParameters.PatientCompartment(type).IsEmpty;

    /// <summary>
    /// True for what may be asked for by name beside patients: what is about them, and who and what their records speak of. What does not
    /// say whom it is about may be about others.
    /// </summary>
    public static bool MayBeAsked(string type, FhirDefinitions definitions)
    {
        var isOfPatients = IsOfPatients(type, definitions);
        return isOfPatients
            || ResourceGroups.Of(type, isOfPatients) is ResourceGroup.Directory or ResourceGroup.Definition;
    }
}
