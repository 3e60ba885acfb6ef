using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Operations;

/// <summary>The Parameters of a request: its body, or made of the URL's query where there is none.</summary>
internal static class OperationBody
{
    // How an answer is presented is no parameter of the operation.
    private static readonly string[] Presentation = ["_format", "_pretty", "_count"];

    /// <summary>Null where nothing was sent, which is as good as an empty Parameters.</summary>
    public static Result<ResourceDocument?> Read(
        Operation operation,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        if (request.Body.IsEmpty)
            return FromQuery(
                operation,
                request.Query.Without([.. Presentation.Where(p => operation.Parameters.All(d => d.Name != p))])
            );
        var sent = operation.Complete?.Invoke(request.Body) ?? request.Body;
        if (!ResourceDocument.Parse(sent, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        var isParameters = document.ResourceTypeUtf8.SequenceEqual("Parameters"u8);
        if (!isParameters && operation.BodyParameter is { } only)
            return Validated(document, request, definitions).Then<ResourceDocument?>(valid => Wrap(only.Name, valid));
        if (!isParameters)
            return Failure.Invalid(
                IssueCode.Structure,
                $"{operation.Code} takes Parameters, or no body where it needs nothing."
            );
        // An empty list is what many clients send where they mean nothing; the rules of JSON refuse it otherwise.
        if (document.Root.TryGetProperty("parameter"u8, out var list) && list.Count() == 0)
            return (ResourceDocument?)null;
        return Validated(document, request, definitions).Then<ResourceDocument?>(valid => valid);
    }

    private static Result<ResourceDocument> Validated(
        ResourceDocument document,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        document = definitions.MakeRelative(document, request.BaseUrl);
        var issues = definitions.Validate(document);
        return issues.Any(i => i.IsError) ? Failure.Invalid(issues) : document;
    }

    /// <summary>
    /// The one resource that an operation takes may be its body. https://hl7.org/fhir/R4/operations.html#request
    /// </summary>
    private static ResourceDocument Wrap(string name, ResourceDocument resource) =>
        new ParametersEditor
        {
            Parameter =
            {
                new() { Name = name, Resource = new ResourceEditor(resource) },
            },
        }.ToDocument();

    private static Result<ResourceDocument?> FromQuery(Operation operation, QueryParameters query)
    {
        if (query.Count == 0)
            return (ResourceDocument?)null;
        var parameters = new ParametersEditor();
        foreach (var (name, text) in query)
        {
            var declared = operation.Parameters.FirstOrDefault(p => p.Name == name);
            if (declared is null)
                return OperationCheck.Unknown(operation, name, null);
            if (Value(name, declared, text) is not { } value)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{name}' of {operation.Code} cannot be read as {string.Join(" or ", declared.Types)}."
                );
            parameters.Parameter.Add(value);
        }

        return parameters.ToDocument();
    }

    private static ParametersParameterEditor? Value(string name, OperationParameter declared, string text)
    {
        var value = new ParametersParameterEditor { Name = name };
        foreach (var type in declared.Types)
        {
            switch (type)
            {
                case "Reference":
                    value.ValueReference = new() { Reference = text };
                    return value;
                case "string":
                    value.ValueString = text;
                    return value;
                case "code":
                    value.ValueCode = text;
                    return value;
                case "boolean" when text is "true" or "false":
                    value.ValueBoolean = text == "true";
                    return value;
                case "date" when FhirDateTime.TryParse(text, out var day) && day.Precision <= DatePrecision.Day:
                    value.ValueDate = day;
                    return value;
                case "integer"
                    when int.TryParse(
                        text,
                        System.Globalization.NumberStyles.AllowLeadingSign,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var whole
                    ):
                    value.ValueInteger = whole;
                    return value;
                case "dateTime" when FhirDateTime.TryParse(text, out var time):
                    value.ValueDateTime = time;
                    return value;
                case "decimal"
                    when decimal.TryParse(
                        text,
                        System.Globalization.NumberStyles.Float,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var number
                    ):
                    value.ValueDecimal = number;
                    return value;
            }
        }

        return null;
    }
}
