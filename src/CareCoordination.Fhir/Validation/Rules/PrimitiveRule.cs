using System.Collections.Frozen;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>The JSON kind and the written form of a primitive type. https://hl7.org/fhir/R4/datatypes.html#primitive</summary>
internal sealed class PrimitiveRule : Rule
{
    private static readonly FrozenDictionary<string, PrimitiveRule> ByType = Make().ToFrozenDictionary(r => r._type);

    private readonly string _type;
    private readonly JsonForm _form;
    private readonly Format _isValid;
    private readonly string _expectation;

    private PrimitiveRule(string type, JsonForm form, Format isValid, string expectation)
    {
        _type = type;
        _form = form;
        _isValid = isValid;
        _expectation = expectation;
    }

    private delegate bool Format(ReadOnlySpan<byte> text);

    private enum JsonForm
    {
        String,
        Number,
        Boolean,
    }

    public static PrimitiveRule For(TypeDefinition type) =>
        ByType.TryGetValue(type.Name, out var rule)
            ? rule
            : throw new NotSupportedException($"There is no format for the primitive type {type.Name}.");

    public override void Check(RuleContext context, JsonValue value)
    {
        var form = value.Kind switch
        {
            JsonValueKind.String => JsonForm.String,
            JsonValueKind.Number => JsonForm.Number,
            JsonValueKind.True or JsonValueKind.False => JsonForm.Boolean,
            _ => (JsonForm)(-1),
        };
        if (form != _form)
            context.Report(
                value,
                IssueCode.Structure,
                $"This is {Describe(value.Kind)}, but {_type} is sent as {Describe(_form)}."
            );
        else if (!_isValid(value.StringUtf8))
            context.Report(value, IssueCode.Value, $"This is no {_type}: {_expectation}.");
    }

    public override string ToString() => $"format {_type}";

    private static string Describe(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "a JSON object",
            JsonValueKind.Array => "a JSON array",
            JsonValueKind.String => "a JSON string",
            JsonValueKind.Number => "a JSON number",
            JsonValueKind.Null => "null",
            _ => "a JSON boolean",
        };

    private static string Describe(JsonForm form) =>
        form switch
        {
            JsonForm.Number => "a JSON number, without quotes",
            JsonForm.Boolean => "true or false, without quotes",
            _ => "a JSON string, in quotes",
        };

    private static bool IsAny(ReadOnlySpan<byte> text) => true;

    private static bool IsText(ReadOnlySpan<byte> text) =>
        PrimitiveFormat.IsString(text) && !PrimitiveFormat.HasControlCharacters(text);

    private static IEnumerable<PrimitiveRule> Make()
    {
        const string text = "send at least one character, at most 1 MB of them, and no control characters";
        const string uri = "send at least one character, and no spaces or control characters";
        yield return new("boolean", JsonForm.Boolean, IsAny, "");
        yield return new("decimal", JsonForm.Number, IsAny, "");
        yield return new("integer", JsonForm.Number, PrimitiveFormat.IsInteger, "send a whole number of 32 bits");
        yield return new(
            "unsignedInt",
            JsonForm.Number,
            PrimitiveFormat.IsUnsignedInt,
            "send a whole number from 0 to 2147483647"
        );
        yield return new(
            "positiveInt",
            JsonForm.Number,
            PrimitiveFormat.IsPositiveInt,
            "send a whole number from 1 to 2147483647"
        );
        yield return new("string", JsonForm.String, IsText, text);
        yield return new("markdown", JsonForm.String, IsText, text);
        yield return new(
            "code",
            JsonForm.String,
            PrimitiveFormat.IsCode,
            "send no spaces at its ends, only single ones within, and no control characters"
        );
        yield return new("id", JsonForm.String, PrimitiveFormat.IsId, "send 1 to 64 letters, digits, '-' or '.'");
        yield return new("uri", JsonForm.String, PrimitiveFormat.IsUri, uri);
        yield return new("url", JsonForm.String, PrimitiveFormat.IsUri, uri);
        yield return new("canonical", JsonForm.String, PrimitiveFormat.IsUri, uri);
        yield return new("oid", JsonForm.String, PrimitiveFormat.IsOid, "send urn:oid: and numbers with dots between");
        yield return new("uuid", JsonForm.String, PrimitiveFormat.IsUuid, "send urn:uuid: and a UUID in lower case");
        yield return new(
            "date",
            JsonForm.String,
            DateFormat.IsDate,
            "send YYYY, YYYY-MM or YYYY-MM-DD, a day that exists"
        );
        yield return new(
            "dateTime",
            JsonForm.String,
            DateFormat.IsDateTime,
            "send a date, or YYYY-MM-DDThh:mm:ss with Z or an offset such as +01:00"
        );
        yield return new(
            "instant",
            JsonForm.String,
            DateFormat.IsInstant,
            "send YYYY-MM-DDThh:mm:ss with Z or an offset such as +01:00"
        );
        yield return new("time", JsonForm.String, DateFormat.IsTime, "send hh:mm:ss");
        yield return new("base64Binary", JsonForm.String, PrimitiveFormat.IsBase64, "send base64 with its padding");
        // What is in it says the rule of narratives.
        yield return new("xhtml", JsonForm.String, IsAny, "");
    }
}
