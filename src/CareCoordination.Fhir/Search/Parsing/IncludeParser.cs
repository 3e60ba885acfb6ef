using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Parsing;

/// <summary>
/// <c>_include</c> and <c>_revinclude</c>: <c>SourceType:parameter[:TargetType]</c>, <c>SourceType:*</c>, and for _include
/// <c>*</c> alone. https://hl7.org/fhir/R4/search.html#include
/// </summary>
internal static class IncludeParser
{
    public static Result<Include> Parse(
        string resourceType,
        bool isReverse,
        string value,
        SearchParameterRegistry registry
    )
    {
        var name = isReverse ? "_revinclude" : "_include";
        if (value == "*" && !isReverse)
            return new Include(false, resourceType, null, null);

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

        if (!isReverse && source != resourceType)
            return Failure.Invalid(
                IssueCode.NotSupported,
                $"'_include' starts from {source}, but {resourceType} is searched; use _include={resourceType}:parameter."
            );
        if (parts[1] == "*")
            return new Include(isReverse, source, null, target);
        return registry.Find(source, parts[1]) is { Type: SearchParameterType.Reference } parameter
            ? new Include(isReverse, source, parameter, target)
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
