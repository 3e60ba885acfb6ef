using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Syntax;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>
/// A compiled FHIRPath expression: immutable, for any number of threads. http://hl7.org/fhirpath/N1/ and
/// https://hl7.org/fhir/R4/fhirpath.html
/// </summary>
public sealed class FhirPathExpression
{
    private readonly Expr _syntax;
    private readonly Node _root;

    private FhirPathExpression(Expr syntax, Node root, FhirPathType type)
    {
        _syntax = syntax;
        _root = root;
        Type = type;
    }

    /// <summary>The types of what it gives, as far as its text and the type of the focus tell.</summary>
    public FhirPathType Type { get; }

    /// <summary>Parses and compiles; the failure says where and what was expected.</summary>
    public static Result<FhirPathExpression> Compile(string text, FhirSchema schema) => Compile(text, schema, null);

    /// <summary>
    /// As <see cref="Compile(string,FhirSchema)"/>, and refuses names that <paramref name="focus"/>, the type it will be
    /// evaluated on, does not have.
    /// </summary>
    public static Result<FhirPathExpression> Compile(string text, FhirSchema schema, TypeDefinition? focus) =>
        Compile(text, schema, focus is null ? null : FhirPathType.Of(focus), null);

    /// <summary>
    /// As <see cref="Compile(string,FhirSchema,TypeDefinition)"/>, for a focus that may be of several types, and with further names.
    /// </summary>
    /// <param name="environment">Null: any <c>%name</c> will do, and is looked for in the context.</param>
    public static Result<FhirPathExpression> Compile(
        string text,
        FhirSchema schema,
        FhirPathType? focus,
        FhirPathEnvironment? environment
    )
    {
        try
        {
            var syntax = Parser.Parse(text);
            var (node, type) = new Compiler(schema, environment).Compile(syntax, focus);
            return new FhirPathExpression(syntax, node, type);
        }
        catch (FhirPathSyntaxException e)
        {
            return Failure.Invalid(IssueCode.Invalid, $"FHIRPath, position {e.Position + 1}: {e.Message}.");
        }
    }

    /// <summary>
    /// The values the expression gives for <paramref name="focus"/>. 422 where the data does not suit it (<c>processing</c>), or where
    /// the budget of the context is spent (<c>too-costly</c>).
    /// </summary>
    public Result<FhirPathCollection> Evaluate(Element focus, EvaluationContext context)
    {
        var output = new FhirPathCollection();
        return EvaluateInto(focus, context, output) is { } failure ? failure : output;
    }

    /// <summary>Appends the values to <paramref name="output"/>: <see cref="Evaluate"/> without allocation.</summary>
    public Failure? EvaluateInto(Element focus, EvaluationContext context, FhirPathCollection output) =>
        EvaluateInto((FhirPathValue)focus, context, output);

    /// <summary>As <see cref="EvaluateInto(Element,EvaluationContext,FhirPathCollection)"/>, on an item that another expression gave.</summary>
    public Failure? EvaluateInto(FhirPathValue focus, EvaluationContext context, FhirPathCollection output)
    {
        context.Focus = focus.Element;
        try
        {
            _root.Evaluate(new Frame(focus), context, output);
            return null;
        }
        catch (FhirPathException e)
        {
            return Unsuited(e);
        }
        catch (WorkLimitException e)
        {
            return e.Failure;
        }
    }

    /// <summary>
    /// The expression as a condition: nothing is false, an item that is no Boolean is true. Fails as <see cref="Evaluate"/>, and
    /// where there is more than one item.
    /// </summary>
    public Result<bool> IsTrue(Element focus, EvaluationContext context) =>
        Truth(focus, context).TryGet(out var truth, out var failure) ? truth == true : failure;

    /// <summary>
    /// As <see cref="IsTrue"/>, but null where the expression gives nothing. An invariant is broken only where this is false:
    /// ref-1 gives nothing for a Reference that has but a display.
    /// </summary>
    public Result<bool?> Truth(Element focus, EvaluationContext context)
    {
        context.Focus = focus;
        try
        {
            return _root.Truth(new Frame(focus), context);
        }
        catch (FhirPathException e)
        {
            return Unsuited(e);
        }
        catch (WorkLimitException e)
        {
            return e.Failure;
        }
    }

    /// <summary>The expression in canonical form.</summary>
    public override string ToString() => _syntax.ToString();

    private static Failure Unsuited(FhirPathException exception) =>
        Failure.Unprocessable(IssueCode.Processing, exception.Message);
}
