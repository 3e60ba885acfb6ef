using System.Collections.Immutable;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;
using CareCoordination.Views.Definitions;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>A view that is ready to run: immutable, for any number of threads.</summary>
public sealed class ViewPlan
{
    internal ViewPlan(
        ViewDefinition view,
        TypeDefinition type,
        CompiledSelect root,
        ImmutableArray<FhirPathExpression> conditions
    )
    {
        View = view;
        Type = type;
        Conditions = conditions;
        Columns = [.. root.AllColumns.Select(c => c.Column)];
        var linker = new StepLinker();
        First = linker.Link(root);
        Slots = linker.Slots;
    }

    public ViewDefinition View { get; }

    /// <summary>The type whose resources give rows.</summary>
    public TypeDefinition Type { get; }

    /// <summary>The columns, in their order.</summary>
    public ImmutableArray<ViewColumn> Columns { get; }

    internal ImmutableArray<FhirPathExpression> Conditions { get; }

    internal Step First { get; }

    /// <summary>How many items are in hand at once: of each iteration one, and the resource.</summary>
    internal int Slots { get; }

    /// <summary>422 with an issue for each fault: where it is, and a sentence.</summary>
    public static Result<ViewPlan> Compile(ViewDefinition view, FhirSchema schema) =>
        ViewCompiler.Compile(view, schema);

    /// <summary>JSON to a plan; fails as <see cref="ViewDefinitionReader.Read"/> and <see cref="Compile(ViewDefinition,FhirSchema)"/>.</summary>
    public static Result<ViewPlan> Compile(ResourceDocument document, FhirSchema schema) =>
        ViewDefinitionReader.Read(document).Then(view => Compile(view, schema));

    /// <summary>
    /// The rows of one resource; none where it is of another type, or its conditions do not hold. 422 where the data does not suit a
    /// column, or the budget is spent; rows may have been written by then. Many resources are better given to one <see cref="ViewRun"/>.
    /// </summary>
    public Failure? Run(ResourceDocument resource, RowSink sink, WorkBudget budget) =>
        new ViewRun(this, sink, budget).Add(resource);
}
