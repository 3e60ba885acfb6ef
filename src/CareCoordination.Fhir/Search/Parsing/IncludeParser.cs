using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>
/// <c>_include</c> and <c>_revinclude</c>: <c>SourceType:parameter[:TargetType]</c>, <c>SourceType:*</c>, and for _include
/// <c>*</c> alone. With <c>:iterate</c> the source may be of any type that comes along. https://hl7.org/fhir/R4/search.html#include
/// </summary>
internal static class IncludeParser
{
    private const string Iterate = ":iterate";

    /// <summary>True for the name of a parameter that is read here.</summary>
    public static bool Is(string name) =>
        name is "_include" or "_revinclude" or $"_include{Iterate}" or $"_revinclude{Iterate}";

    /// <param name="resourceType">The type that is searched.</param>
    public static Result<Include> Parse(
        string resourceType,
        string name,
        string value,
        SearchParameterRegistry registry
    )
    {
        var isReverse = name.StartsWith("_rev", StringComparison.Ordinal);
        var isIterated = name.EndsWith(Iterate, StringComparison.Ordinal);
        if (value == "*" && !isReverse)
            return new Include(false, resourceType, null, null) { IsIterated = isIterated };

        var parts = value.Split(':');
        if (parts.Length is not (2 or 3) || parts.Contains(""))
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' needs a type and a reference parameter; use {name}=Type:parameter, Type:parameter:TargetType or Type:*."
            );
        var source = parts[0];
        var target = parts.Length == 3 ? parts[2] : null;
        foreach (var type in target is null ? [source] : new[] { source, target })
        {
            if (!registry.Schema.IsResourceType(type))
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{name}' names '{CriterionParser.Shorten(type)}', which is no resource type. {Suggestion.Sentence(type, registry.Schema.Resources.Select(r => r.Name))}"
                );
        }

        if (!isReverse && !isIterated && source != resourceType)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'_include' starts from {source}, but {resourceType} is searched; use _include={resourceType}:parameter, or _include:iterate to start from what comes along."
            );
        if (parts[1] == "*")
            return new Include(isReverse, source, null, target) { IsIterated = isIterated };
        return registry.Find(source, parts[1]) is { Type: SearchParameterType.Reference } parameter
            ? new Include(isReverse, source, parameter, target) { IsIterated = isIterated }
            : NoReference(name, source, parts[1], registry);
    }

    public static Failure NoReference(string name, string source, string code, SearchParameterRegistry registry)
    {
        var references = registry
            .Of(source)
            .Where(parameter => parameter.Type == SearchParameterType.Reference)
            .Select(parameter => parameter.Code);
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"'{name}' names '{CriterionParser.Shorten(code)}', which is no reference parameter of {source}. {Suggestion.Sentence(code, references)}"
        );
    }
}
