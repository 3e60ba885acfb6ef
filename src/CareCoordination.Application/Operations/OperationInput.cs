using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Operations;

/// <summary>
/// What an operation was asked with: every parameter is one that the operation declares, of a type it takes, and those it needs
/// are there. https://hl7.org/fhir/R4/operations.html#request
/// </summary>
public sealed class OperationInput
{
    private readonly ImmutableArray<ParametersParameterView> _parameters;
    private readonly InteractionRequest _request;

    private OperationInput(
        Operation operation,
        InteractionRequest request,
        ResourceKey key,
        ImmutableArray<ParametersParameterView> parameters,
        FhirDefinitions definitions
    )
    {
        (Operation, _request, Key, _parameters, Definitions) = (operation, request, key, parameters, definitions);
    }

    public Operation Operation { get; }

    public FhirDefinitions Definitions { get; }

    /// <summary>The resource that is asked; with an empty id where the type is.</summary>
    public ResourceKey Key { get; }

    public QueryParameters Query => _request.Query;

    public string BaseUrl => _request.BaseUrl;

    public Preferences Preferences => _request.Preferences;

    /// <summary>True where nothing may be changed, whatever the parameters say. https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1</summary>
    public bool IsSafe => _request.Method is "GET" or "HEAD";

    /// <summary>The media types that the client accepts, as it said; null where it did not.</summary>
    public string? AcceptHeader => _request.Accept;

    /// <summary>The request as it came.</summary>
    public ReadOnlyMemory<byte> Body => _request.Body;

    /// <summary>What the expressions of the request may cost.</summary>
    public WorkBudget Budget => _request.Budget;

    public static Result<OperationInput> Accept(
        Operation operation,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        var key = new ResourceKey(operation.ResourceType, "");
        if (request.Id.Length > 0 && !ResourceKey.Create(operation.ResourceType, request.Id).TryGet(out key, out var f))
            return f;
        if (!OperationBody.Read(operation, request, definitions).TryGet(out var body, out var failure))
            return failure;
        ImmutableArray<ParametersParameterView> parameters = body is null
            ? []
            : [.. ParametersView.From(body).Parameter];
        return OperationCheck.Find(operation, parameters) is { } wrong
            ? wrong
            : new OperationInput(operation, request, key, parameters, definitions);
    }

    /// <summary>What every command needs: the target, who acts, why, and the client's conditions.</summary>
    public Result<CommandCall> Call()
    {
        if (!_request.Conditions.RequiredVersion().TryGet(out var version, out var failure))
            return failure;
        if (!IdempotencyKey.Of(Operation.Code, Key, _request).TryGet(out var idempotency, out failure))
            return failure;
        return new CommandCall(Operation.Name, Key, Agent(), Reason(), version, idempotency)
        {
            Note = Text(Take.Note.Name),
            MakesAnswer = Operation.MakesAnswer,
            Named = [.. Named()],
        };
    }

    private IEnumerable<NamedReference> Named() =>
        from declared in Operation.Parameters
        where declared.Names != Naming.Anything
        from sent in All(declared.Name)
        let reference = ReferenceOf(sent)
        where reference is not null
        select new NamedReference(declared.Name, reference, declared.Names);

    /// <summary>What is told of the work; whose days its days are is not known yet.</summary>
    public WorkReport Work() =>
        new()
        {
            Minutes = Number("minutes"),
            Start = Date("start"),
            End = Date("end"),
            Note = Text("note"),
        };

    /// <summary>
    /// The parameters as they were understood, for the links of an answer: those of a body are in the address of the next page too, and
    /// read as the same. Each ends with an ampersand.
    /// </summary>
    /// <param name="but">Those that are left out.</param>
    public string Repeated(params ReadOnlySpan<string> but)
    {
        var text = new StringBuilder();
        foreach (var parameter in _parameters)
        {
            if (!but.Contains(parameter.Name) && ValueOf(parameter) is { } value)
                text.Append(parameter.Name).Append('=').Append(Readable(value)).Append('&');
        }

        return text.ToString();
    }

    private string? ValueOf(ParametersParameterView parameter)
    {
        if (ReferenceOf(parameter) is { } reference)
            return reference;
        foreach (var property in parameter.Element.Value)
        {
            if (property.NameUtf8.StartsWith("value"u8))
                return property.Kind == JsonValueKind.String
                    ? property.GetString()
                    : Encoding.UTF8.GetString(property.RawUtf8);
        }

        return null;
    }

    /// <summary>Escaped, but for the characters that structure values. https://www.rfc-editor.org/rfc/rfc3986#section-3.4</summary>
    private static string Readable(string value) =>
        Uri.EscapeDataString(value)
            .Replace("%3A", ":", StringComparison.Ordinal)
            .Replace("%2F", "/", StringComparison.Ordinal)
            .Replace("%2C", ",", StringComparison.Ordinal);

    /// <summary>The command made of this call, or the failure.</summary>
    public Result<FhirInteraction> Command(Func<CommandCall, FhirInteraction> make) =>
        Call().TryGet(out var call, out var failure) ? make(call) : failure;

    public bool Has(string name) => All(name).Any();

    public IEnumerable<ParametersParameterView> All(string name) => _parameters.Where(p => p.Name == name);

    public string? Reference(string name) => All(name).Select(ReferenceOf).FirstOrDefault();

    public string? Text(string name) => All(name).Select(TextOf).FirstOrDefault();

    public bool? Flag(string name) => All(name).Select(p => p.ValueBoolean).FirstOrDefault();

    public decimal? Number(string name) => All(name).Select(NumberOf).FirstOrDefault();

    /// <summary>As it was sent: whose day a day is, is known when the resource is read.</summary>
    public CareDate? Date(string name) => CareDate.Of(All(name).Select(TimeOf).FirstOrDefault());

    public Reason? Reason(string name = "reason") =>
        All(name).Select(p => (ParametersParameterView?)p).FirstOrDefault() is { } parameter
            ? ReasonOf(parameter)
            : null;

    /// <summary>Without security nobody is known but by what the caller says, and everybody may do everything.</summary>
    private Agent Agent() =>
        Reference(Take.Practitioner.Name) is { } who ? new Agent(who) { IsUnchecked = true } : ServerAgent.Unknown;

    /// <summary>The resource that a parameter carries, as a document of its own.</summary>
    public static ResourceDocument? ResourceOf(ParametersParameterView parameter) =>
        parameter.Element.Value.TryGetProperty("resource"u8, out var resource)
            ? resource.Document.Detach(resource)
            : null;

    public string? ReferenceOf(ParametersParameterView parameter)
    {
        var text = parameter.ValueReference.Reference ?? TextOf(parameter);
        return text is not null && text.StartsWith(BaseUrl + "/", StringComparison.Ordinal)
            ? text[(BaseUrl.Length + 1)..]
            : text;
    }

    public string? ReferenceOf(ParametersParameterView parameter, string part) =>
        parameter.Part.Where(p => p.Name == part).Select(ReferenceOf).FirstOrDefault();

    public static Reason? ReasonOf(ParametersParameterView parameter)
    {
        if (!parameter.ValueCodeableConcept.Exists)
            return TextOf(parameter) is { } text ? new Reason(text) : null;
        foreach (var coding in parameter.ValueCodeableConcept.Coding)
            return new Reason(parameter.ValueCodeableConcept.Text, coding.System, coding.Code, coding.Display);
        return new Reason(parameter.ValueCodeableConcept.Text);
    }

    public static string? TextOf(ParametersParameterView parameter) =>
        parameter.ValueString
        ?? parameter.ValueMarkdown
        ?? parameter.ValueCode
        ?? parameter.ValueId
        ?? parameter.ValueUri
        ?? parameter.ValueUrl
        ?? parameter.ValueCanonical;

    public static decimal? NumberOf(ParametersParameterView parameter) =>
        parameter.ValueDecimal ?? parameter.ValueInteger ?? parameter.ValuePositiveInt ?? parameter.ValueUnsignedInt;

    public static FhirDateTime? TimeOf(ParametersParameterView parameter) =>
        parameter.ValueDateTime ?? parameter.ValueInstant ?? parameter.ValueDate;
}

/// <summary>Reading the parts of a parameter that has been checked.</summary>
internal static class OperationParts
{
    public static string? Text(this ParametersParameterView parameter, string part) =>
        parameter.Part.Where(p => p.Name == part).Select(OperationInput.TextOf).FirstOrDefault();
}
