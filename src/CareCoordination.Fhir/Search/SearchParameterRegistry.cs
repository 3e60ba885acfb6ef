using System.Collections.Immutable;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// The search parameters of every resource type, built once from a schema; immutable. Parameters of Resource and
/// DomainResource belong to every type. https://hl7.org/fhir/R4/searchparameter-registry.html
/// </summary>
public sealed class SearchParameterRegistry
{
    private const string OnlyPatients = ".where(resolve() is Patient)";

    private readonly Dictionary<string, TypeParameters> _types;
    private readonly Dictionary<int, SearchParameter> _byId = [];

    /// <summary>
    /// Throws <see cref="InvalidOperationException"/> where the definitions cannot be indexed: two parameters with the same
    /// <see cref="SearchParameter.Id"/>, or a type with more than 64 parameters.
    /// </summary>
    /// <param name="own">Parameters that a server defines beside those of FHIR.</param>
    public SearchParameterRegistry(FhirSchema schema, params ImmutableArray<SearchParameterDefinition> own)
    {
        Schema = schema;
        var builder = new SearchParameterBuilder(schema, own);
        _types = schema.Resources.ToDictionary(type => type.Name, builder.Build, StringComparer.Ordinal);

        // Plain dictionaries: at start, building frozen ones costs more than their lookups save.
        foreach (var parameter in _types.Values.SelectMany(type => type.All))
        {
            if (!_byId.TryAdd(parameter.Id, parameter))
                throw new InvalidOperationException(
                    $"{parameter} and {_byId[parameter.Id]} have the same number; rename one of them."
                );
        }
    }

    public FhirSchema Schema { get; }

    /// <summary>The parameters of a type, sorted by code; <c>_id</c> and <c>_lastUpdated</c> are not among them.</summary>
    public ImmutableArray<SearchParameter> Of(string resourceType) =>
        _types.TryGetValue(resourceType, out var type) ? type.All : [];

    public SearchParameter? Find(string resourceType, string code) =>
        _types.TryGetValue(resourceType, out var type) ? type.ByCode.GetValueOrDefault(code) : null;

    /// <summary>The parameter that index rows know by this number.</summary>
    public SearchParameter? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>For a parameter that FHIR defines and this server does not offer, the reason as a sentence; else null.</summary>
    public string? WhyNotOffered(string resourceType, string code) =>
        _types.TryGetValue(resourceType, out var type)
            ? type.NotOffered.GetValueOrDefault(code) ?? SearchParameterBuilder.WhyNotOffered(code)
            : null;

    /// <summary>The codes of the parameters that make a resource of this type a member of a patient's compartment.</summary>
    public ImmutableArray<SearchParameter> PatientCompartment(string resourceType) =>
        _types.TryGetValue(resourceType, out var type) ? type.PatientCompartment : [];

    /// <summary>
    /// Whether each patient that the parameter leads to is one in whose compartment the resource is: it is a parameter of the compartment,
    /// or the same but for what is no patient. What is kept of a Patient is about that patient alone, whomever it links.
    /// </summary>
    public bool IsOfPatientCompartment(SearchParameter reference)
    {
        var members = PatientCompartment(reference.ResourceType).SelectMany(Paths).ToHashSet(StringComparer.Ordinal);
        return members.Count > 0 && reference.ResourceType != "Patient" && Paths(reference).All(members.Contains);
    }

    /// <summary>Where a parameter finds patients.</summary>
    private static IEnumerable<string> Paths(SearchParameter parameter) =>
        ExpressionParts
            .Split(parameter.Expression)
            .Select(part =>
                part.EndsWith(OnlyPatients, StringComparison.Ordinal) ? part[..^OnlyPatients.Length] : part
            );
}

/// <summary>What the registry knows of one resource type.</summary>
internal sealed record TypeParameters(
    ImmutableArray<SearchParameter> All,
    Dictionary<string, SearchParameter> ByCode,
    Dictionary<string, string> NotOffered,
    ImmutableArray<SearchParameter> PatientCompartment
);
