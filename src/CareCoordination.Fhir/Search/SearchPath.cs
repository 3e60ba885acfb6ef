using System.Collections.Immutable;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search;

/// <summary>One step of a <see cref="SearchPath"/>.</summary>
internal abstract record SearchStep;

/// <summary><c>.name</c></summary>
internal sealed record ChildStep(string Name) : SearchStep;

/// <summary><c>.as(Type)</c>, <c>.ofType(Type)</c> or <c>(... as Type)</c></summary>
internal sealed record TypeStep(string Type) : SearchStep;

/// <summary><c>.where(resolve() is Type)</c></summary>
internal sealed record ResolvesStep(string Type) : SearchStep;

/// <summary><c>.where(child = 'text')</c></summary>
internal sealed record EqualsStep(string Child, string Text) : SearchStep;

/// <summary><c>.where(hasExtension('url'))</c></summary>
internal sealed record HasExtensionStep(string Url) : SearchStep;

/// <summary>
/// The form nearly all search expressions of R4 have: a type, then steps down from it. Paths of this form are merged into one
/// walk over the resource; any other expression is left to the FHIRPath engine.
/// </summary>
/// <param name="Root">The type it starts from; empty for a path relative to its context.</param>
internal sealed record SearchPath(string Root, ImmutableArray<SearchStep> Steps)
{
    /// <summary>Null where the expression has another form.</summary>
    public static SearchPath? Parse(string expression, FhirSchema schema)
    {
        var reader = new Reader(expression.Trim());
        return reader.Path() is { } steps && reader.AtEnd ? From(steps, schema) : null;
    }

    /// <summary>The types that the elements found can have.</summary>
    public ImmutableArray<TypeDefinition> ResultTypes(TypeDefinition root) =>
        [.. Results(root).Select(result => result.Type.Type).Distinct()];

    /// <summary>The elements that can be found, a choice once for each of its types.</summary>
    public IEnumerable<(TypeDefinition Type, ElementDefinition? Element)> Elements(TypeDefinition root) =>
        Results(root).Select(result => (result.Type.Type, result.Element));

    /// <summary>The resource types that the references found can point at; null where they may point at any.</summary>
    public ImmutableArray<string>? Targets(TypeDefinition root)
    {
        if (Steps is [.., ResolvesStep resolves])
            return [resolves.Type];
        var references = Results(root)
            .Select(result => result.Type)
            .Where(result => result.Type.Name is "Reference" or "canonical")
            .ToList();
        return references.Count == 0 || references.Exists(result => result.Targets.IsEmpty)
            ? null
            : [.. references.SelectMany(result => result.Targets).Distinct(StringComparer.Ordinal)];
    }

    private List<(ElementType Type, ElementDefinition? Element)> Results(TypeDefinition root)
    {
        List<(ElementType Type, ElementDefinition? Element)> results = [(new ElementType(root, []), null)];
        foreach (var step in Steps)
        {
            results = step switch
            {
                ChildStep child =>
                [
                    .. results
                        .Select(result => result.Type.Type.Element(child.Name))
                        .OfType<ElementDefinition>()
                        .SelectMany(element => element.Types.Select(type => (type, (ElementDefinition?)element))),
                ],
                TypeStep only => results.FindAll(result => result.Type.Type.Name == only.Type),
                _ => results,
            };
        }

        return results;
    }

    private static SearchPath From(List<SearchStep> steps, FhirSchema schema)
    {
        // R4 writes DateTime for dateTime in code-value-date.
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is TypeStep { Type: "DateTime" })
                steps[i] = new TypeStep("dateTime");
        }

        return
            steps.Count > 0
            && steps[0] is ChildStep { Name: var first }
            && schema.TryGetType(first, out var type)
            && type.IsResource
            ? new SearchPath(first, [.. steps.Skip(1)])
            : new SearchPath("", [.. steps]);
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public bool AtEnd => _at == text.Length;

        /// <summary>path = ('(' path 'as' name ')' | name) ('.' step)*</summary>
        public List<SearchStep>? Path()
        {
            List<SearchStep> steps;
            if (Take("("))
            {
                if (Path() is not { } inner || !Take(" as ") || Name() is not { } type || !Take(")"))
                    return null;
                steps = [.. inner, new TypeStep(type)];
            }
            else if (Name() is { } name)
            {
                steps = [new ChildStep(name)];
            }
            else
            {
                return null;
            }

            while (Take("."))
            {
                if (!Step(steps))
                    return null;
            }

            return steps;
        }

        /// <summary>step = ('as' | 'ofType') '(' name ')' | 'extension' '(' text ')' | 'where' '(' condition ')' | name</summary>
        private bool Step(List<SearchStep> steps)
        {
            if (Take("as(") || Take("ofType("))
                return Add(steps, Name() is { } type ? new TypeStep(type) : null) && Take(")");
            if (Take("extension("))
            {
                steps.Add(new ChildStep("extension"));
                return Add(steps, Text() is { } url ? new EqualsStep("url", url) : null) && Take(")");
            }

            if (Take("where(resolve() is "))
                return Add(steps, Name() is { } target ? new ResolvesStep(target) : null) && Take(")");
            if (Take("where(hasExtension("))
                return Add(steps, Text() is { } extension ? new HasExtensionStep(extension) : null) && Take("))");
            if (Take("where("))
            {
                return Name() is { } child
                    && Take("=")
                    && Add(steps, Text() is { } wanted ? new EqualsStep(child, wanted) : null)
                    && Take(")");
            }

            return Add(steps, Name() is { } name ? new ChildStep(name) : null) && (AtEnd || text[_at] != '(');
        }

        private static bool Add(List<SearchStep> steps, SearchStep? step)
        {
            if (step is not null)
                steps.Add(step);
            return step is not null;
        }

        private bool Take(string token)
        {
            if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0)
                return false;
            _at += token.Length;
            return true;
        }

        private string? Name()
        {
            var start = _at;
            while (_at < text.Length && char.IsAsciiLetterOrDigit(text[_at]))
                _at++;
            return _at > start ? text[start.._at] : null;
        }

        private string? Text()
        {
            if (_at >= text.Length || text[_at] != '\'')
                return null;
            var end = text.IndexOf('\'', _at + 1);
            if (end < 0)
                return null;
            var content = text[(_at + 1)..end];
            _at = end + 1;
            return content;
        }
    }
}
