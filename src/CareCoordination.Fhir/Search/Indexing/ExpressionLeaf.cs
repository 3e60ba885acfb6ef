using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search.Extraction;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>A search expression that is no path, such as <c>Patient.deceased.exists() and Patient.deceased != false</c>.</summary>
internal sealed class ExpressionLeaf(SearchParameter parameter, ulong presence, FhirPathExpression expression)
{
    /// <summary>An expression that cannot be evaluated on this resource finds nothing: a search index refuses no resource.</summary>
    public void Extract(Element focus, EntryCollector index)
    {
        if (expression.EvaluateInto(focus, index.Context, index.Found) is null)
        {
            index.Parameter = parameter.Id;
            foreach (var value in index.Found)
                Add(value, index);
        }

        index.Found.Clear();
    }

    private void Add(in FhirPathValue value, EntryCollector index)
    {
        if (value.Kind == FhirPathKind.Boolean)
        {
            index.Presence |= presence;
            if (parameter.Type == SearchParameterType.Token)
                TokenParameter.AddBoolean(parameter.Id, value.Text == "true", index);
        }
        else if (value.Kind == FhirPathKind.Element && value.Element.HasValue)
        {
            Add(value.Element, index);
        }
    }

    private void Add(Element element, EntryCollector index)
    {
        if (!element.Type.IsResource)
        {
            index.Presence |= presence;
            Leaves
                .For(
                    parameter.Id,
                    parameter.FoldsCase,
                    parameter.IsPhonetic,
                    parameter.Type,
                    element.Type,
                    element.Definition
                )
                ?.Invoke(element.Value, index);
        }
        else if (parameter.Targets.Contains(element.Type.Name))
        {
            // Bundle.composition and Bundle.message mean the resource in the first entry, which is known by its id.
            index.Presence |= presence;
            index.AddPart(parameter.Id, element.Value, element.Type);
            if (element.Child("id").Text is { } id && FhirId.IsValid(id))
                index.Add(new ReferenceEntry(parameter.Id, new ResourceKey(element.Type.Name, id)));
        }
    }
}
