using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Routing;

/// <summary>
/// Finds the interaction that a method and URL mean. Knows FHIR's REST rules and nothing of HTTP, so that the entries of a
/// Bundle take the same way as requests do.
/// </summary>
public sealed class InteractionRouter(FhirDefinitions definitions, InteractionTable table)
{
    /// <summary>What a Bundle entry asks for.</summary>
    /// <param name="url">Relative to the base, or absolute below it.</param>
    /// <param name="entry">All that the URL does not say.</param>
    public Result<RoutedInteraction> Route(string method, string url, InteractionRequest entry)
    {
        if (url.StartsWith(entry.BaseUrl, StringComparison.Ordinal) && url.Length > entry.BaseUrl.Length)
            url = url[entry.BaseUrl.Length..];
        url = url.TrimStart('/');
        var question = url.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? url : url[..question]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var query = question < 0 ? QueryParameters.Empty : QueryParameters.Parse(url.AsSpan(question));

        if (Find(method == "HEAD" ? "GET" : method, path) is not { } definition)
            return NoRoute(method, path);
        var (type, id, version) = Variables(definition, path);
        var request = new InteractionRequest
        {
            BaseUrl = entry.BaseUrl,
            Budget = entry.Budget,
            Method = method,
            Type = type,
            Id = id,
            Version = version,
            Query = query,
            Conditions = entry.Conditions,
            Preferences = entry.Preferences,
            Body = entry.Body,
            IsValidated = entry.IsValidated,
        };
        return Parse(definition, request).TryGet(out var interaction, out var failure)
            ? new RoutedInteraction(definition, interaction)
            : failure;
    }

    /// <summary>Reads a request whose definition is known, as of an HTTP endpoint.</summary>
    public Result<FhirInteraction> Parse(InteractionDefinition definition, InteractionRequest request)
    {
        if (request.Type.Length > 0 && !definitions.Schema.IsResourceType(request.Type))
            return UnknownType(request.Type);
        if (request.Id.StartsWith('$'))
            return UnknownOperation(request.Id);
        if (request.Conditions.Refuse(definition.Conditions, definition.Code) is { } condition)
            return condition;
        return Unknown(definition, request.Query) is { } unknown ? unknown : definition.Parse(request, definitions);
    }

    /// <summary>A parameter that would be passed over is refused: who sends <c>_cascade</c> relies on it.</summary>
    private static Failure? Unknown(InteractionDefinition definition, QueryParameters query)
    {
        if (definition.Parameters is not { } known)
            return null;
        foreach (var (name, _) in query)
        {
            if (!known.Contains(name))
                return Failure.Invalid(
                    IssueCode.NotSupported,
                    $"{definition.Code} does not take the parameter '{(name.Length > 64 ? name[..64] + "..." : name)}': leave it out. Nothing was done."
                );
        }

        return null;
    }

    public static Failure UnknownType(string type) =>
        Failure.From(
            404,
            IssueCode.NotSupported,
            $"'{(type.Length > 64 ? type[..64] + "..." : type)}' is no resource type of FHIR R4; type names are case-sensitive."
        );

    private static Failure UnknownOperation(string name) =>
        Failure.From(
            404,
            IssueCode.NotSupported,
            $"There is no operation '{(name.Length > 64 ? name[..64] + "..." : name)}' here; the CapabilityStatement at metadata names those there are."
        );

    private InteractionDefinition? Find(string method, string[] path)
    {
        InteractionDefinition? best = null;
        foreach (var candidate in table.All)
        {
            // A literal is more exact than a variable: $everything is no id.
            if (
                candidate.Method == method
                && IsMatch(candidate.Segments, path)
                && (best is null || Literals(candidate) > Literals(best))
            )
                best = candidate;
        }

        return best;
    }

    private static bool IsMatch(ImmutableArray<string> template, string[] path)
    {
        if (template.Length != path.Length)
            return false;
        for (var i = 0; i < path.Length; i++)
        {
            if (template[i][0] != '{' && template[i] != path[i])
                return false;
        }

        return true;
    }

    private static int Literals(InteractionDefinition definition) => definition.Segments.Count(s => s[0] != '{');

    private static (string Type, string Id, string Version) Variables(InteractionDefinition definition, string[] path)
    {
        var (type, id, version) = (definition.OnlyType ?? "", "", "");
        for (var i = 0; i < path.Length; i++)
        {
            switch (definition.Segments[i])
            {
                case "{type}":
                    type = path[i];
                    break;
                case "{id}":
                    id = path[i];
                    break;
                case "{vid}":
                    version = path[i];
                    break;
            }
        }

        return (type, id, version);
    }

    private Failure NoRoute(string method, string[] path)
    {
        if (
            path.Length > 0
            && path[0][0] is not ('_' or '$')
            && path[0] != "metadata"
            && !definitions.Schema.IsResourceType(path[0])
        )
            return UnknownType(path[0]);
        return Failure.From(
            405,
            IssueCode.NotSupported,
            $"There is no interaction for {method} on a URL of this form; see the CapabilityStatement at metadata."
        );
    }
}

/// <summary>An interaction together with the row of the table that it came from.</summary>
public readonly record struct RoutedInteraction(InteractionDefinition Definition, FhirInteraction Interaction);
