using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>
/// The Patient that an operator names is the one that the sender's numbers mean: with them in its record, what is told next of the stay
/// needs no operator.
/// </summary>
internal static class NamedPatient
{
    /// <summary>Null where it has them all. A number of somebody else's record stays there only: it would mean two.</summary>
    public static ResourceWrite? WithNumbers(
        TransitionNotice notice,
        Snapshot named,
        ImmutableArray<FoundPatient> others
    )
    {
        if (notice.Patient is not { } told)
            return null;
        var known = NumbersOf(View(named))
            .Concat(others.Where(o => o.Patient.Key != named.Key).SelectMany(o => NumbersOf(View(o.Patient))))
            .ToHashSet();
        var missing = JsonNode
            .Parse(told.Resource.Utf8.Span)!["identifier"]
            ?.AsArray()
            .OfType<JsonObject>()
            .Where(i => i["system"] is not null && i["value"] is not null)
            .Where(i => known.Add(((string)i["system"]!, (string)i["value"]!)))
            .ToArray();
        if (missing is null or [])
            return null;
        var patient = JsonNode.Parse(named.Utf8Json.Span)!.AsObject();
        var all = new JsonArray();
        foreach (var identifier in (patient["identifier"]?.AsArray() ?? []).Concat(missing))
            all.Add(identifier!.DeepClone());
        patient["identifier"] = all;
        return new(named.Key, named.Version, Encoding.UTF8.GetBytes(patient.ToJsonString()));
    }

    private static IEnumerable<(string, string)> NumbersOf(PatientView patient) =>
        patient.Identifier.Where(i => i is { System: not null, Value: not null }).Select(i => (i.System!, i.Value!));

    private static PatientView View(Snapshot patient) =>
        PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value);
}
