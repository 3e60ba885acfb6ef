using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Routing;

/// <summary>
/// Finds the interaction that a method and URL mean. Knows FHIR's REST rules and nothing of HTTP: requests and the entries of Bundles
/// take this way, so that an address means the same in both.
/// </summary>
public sealed class InteractionRouter(FhirDefinitions definitions, InteractionTable table)
{
    private readonly RouteNode _root = RouteNode.Of(table, definitions.Schema.Resources.Select(t => t.Name));

    /// <summary>What a Bundle entry asks for.</summary>
    /// <param name="url">Relative to the base, or absolute below it.</param>
    /// <param name="entry">All that the URL does not say.</param>
    public Result<RoutedInteraction> Route(string method, string url, InteractionRequest entry)
    {
        var question = url.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? url : url[..question];
        if (
            path.StartsWith(entry.BaseUrl, StringComparison.Ordinal)
            && (path.Length == entry.BaseUrl.Length || path[entry.BaseUrl.Length] == '/')
        )
            path = path[entry.BaseUrl.Length..];
        else if (path.Contains("://", StringComparison.Ordinal))
            return Failure.NotFound(
                $"An entry is for this server, whose address is {entry.BaseUrl}: give its url relative to that."
            );
        if (
            !Locate(UrlPath.Split(path)).TryGet(out var address, out var failure)
            || !address.Find(method).TryGet(out var route, out failure)
        )
            return failure;
        var request = new InteractionRequest
        {
            BaseUrl = entry.BaseUrl,
            Budget = entry.Budget,
            Method = route.Definition.Method,
            Type = route.Type,
            Id = route.Id,
            Version = route.Version,
            Query = question < 0 ? QueryParameters.Empty : QueryParameters.Parse(url.AsSpan(question)),
            Conditions = entry.Conditions,
            Preferences = entry.Preferences,
            Body = route.Definition.HasBody ? entry.Body : default,
            IsValidated = entry.IsValidated,
        };
        return Parse(route.Definition, request).TryGet(out var interaction, out failure)
            ? new RoutedInteraction(route.Definition, interaction)
            : failure;
    }

    /// <summary>The address of a path below the base; 404 where there is none.</summary>
    public Result<RouteAddress> Locate(ImmutableArray<string> path)
    {
        var node = _root;
        for (var i = 0; i < path.Length; i++)
        {
            if (node.Find(path[i]) is not { } next)
                return Unknown(path, i, node);
            node = next;
        }

        return node.Allow.Length > 0 ? new RouteAddress(node, path)
            : path is [RouteNode.NeverStored, ..] ? NeverStored
            : Nothing;
    }

    /// <summary>Reads a request whose row is known.</summary>
    public Result<FhirInteraction> Parse(InteractionDefinition definition, InteractionRequest request)
    {
        if (request.Conditions.Refuse(definition.Conditions, definition.Code) is { } condition)
            return condition;
        return Unknown(definition, request.Query) is { } unknown ? unknown : definition.Parse(request, definitions);
    }

    public static Failure UnknownType(string type) =>
        Failure.From(
            404,
            IssueCode.NotSupported,
            $"'{Shown(type)}' is no resource type of FHIR R4; type names are case-sensitive."
        );

    private static Failure NeverStored =>
        Failure.From(
            404,
            IssueCode.NotSupported,
            $"{RouteNode.NeverStored} is sent to operations and answered by them; it is never stored, read or searched."
        );

    /// <summary>404 for an address below the base that no row has.</summary>
    public static Failure Nothing =>
        Failure.NotFound("There is nothing at this address; GET metadata tells what there is.");

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
                    $"{definition.Code} does not take the parameter '{Shown(name)}': leave it out. Nothing was done."
                );
        }

        return null;
    }

    /// <summary>Why nothing is called <c>path[at]</c> where the segments before it lead to <paramref name="node"/>.</summary>
    private Failure Unknown(ImmutableArray<string> path, int at, RouteNode node)
    {
        var segment = path[at];
        if (RouteNode.IsOperation(segment) && at <= 2 && (at == 0 || definitions.Schema.IsResourceType(path[0])))
            return UnknownOperation(segment, path[..at], node);
        if (path[0] == RouteNode.NeverStored)
            return NeverStored;
        return at == 0 && segment.Length > 0 && segment[0] is not ('_' or '.') ? UnknownType(segment) : Nothing;
    }

    /// <summary>Names the operations that there are at the same level, and where else one of that name is.</summary>
    private Failure UnknownOperation(string name, ImmutableArray<string> above, RouteNode node)
    {
        var level = above switch
        {
            [] => "on the whole server",
            [var type] => $"on the type {type}",
            [var type, ..] => $"on one {type}",
        };
        var others = string.Join(", ", node.Operations);
        var there = others.Length == 0 ? "there is none" : $"there are {others}";
        var elsewhere = above is [var of, ..] ? Elsewhere(name, of, above.Length) : "";
        return Failure.From(
            404,
            IssueCode.NotSupported,
            $"There is no operation '{Shown(name)}' {level}; {there}.{elsewhere}"
        );
    }

    private string Elsewhere(string name, string type, int depth) =>
        _root.Find(type) is not { } ofType ? ""
        : depth == 1 && ofType.Find("1")?.Find(name) is not null ? $" It is asked of one: {type}/[id]/{name}."
        : depth == 2 && ofType.Find(name) is not null ? $" It is asked of the type: {type}/{name}."
        : "";

    private static string Shown(string text) => text.Length > 64 ? text[..64] + "..." : text;
}

/// <summary>An interaction together with the row of the table that it came from.</summary>
public readonly record struct RoutedInteraction(InteractionDefinition Definition, FhirInteraction Interaction);
