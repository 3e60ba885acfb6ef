using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Operations;

/// <summary>Compares what was sent with what an operation declares. 400 with the first thing that is wrong.</summary>
internal static class OperationCheck
{
    public static Failure? Find(Operation operation, ImmutableArray<ParametersParameterView> parameters) =>
        Find(operation, operation.Parameters, parameters, "Parameters.parameter");

    public static Failure Unknown(Operation operation, string name, string? at) =>
        Unknown(operation, operation.Parameters, name, at);

    private static Failure? Find(
        Operation operation,
        ImmutableArray<OperationParameter> declared,
        ImmutableArray<ParametersParameterView> sent,
        string path
    )
    {
        for (var i = 0; i < sent.Length; i++)
        {
            var parameter = sent[i];
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            var name = parameter.Name ?? "";
            if (declared.FirstOrDefault(d => d.Name == name) is not { } known)
                return Unknown(operation, declared, name, at);
            if (!known.IsRepeatable && sent.Take(i).Any(p => p.Name == name))
                return Failure.Invalid(IssueCode.Value, $"'{name}' of {operation.Code} is sent once.", at);
            if (!IsOfType(parameter, known))
                return Failure.Invalid(
                    IssueCode.Value,
                    $"'{name}' of {operation.Code} is sent as {known.HowToSend}.",
                    at
                );
            if (
                !known.Parts.IsEmpty
                && parameter.Part.Any()
                && Find(operation, known.Parts, [.. parameter.Part], $"{at}.part") is { } wrongPart
            )
                return wrongPart;
        }

        foreach (var known in declared)
        {
            if (known.IsRequired && !sent.Any(p => p.Name == known.Name))
                return Failure.Invalid(
                    IssueCode.Required,
                    $"{operation.Code} needs the parameter '{known.Name}', sent as {known.HowToSend}.",
                    path
                );
        }

        return null;
    }

    private static bool IsOfType(ParametersParameterView parameter, OperationParameter known)
    {
        if (!known.Parts.IsEmpty && parameter.Part.Any())
            return true;
        foreach (var child in parameter.Element.Value)
        {
            var property = child.Name;
            if (property == "resource")
                return known.Types.Contains("Resource");
            if (property.StartsWith("value", StringComparison.Ordinal))
                return known.Types is ["*"]
                    || known.Types.Any(t => property.AsSpan(5).Equals(t, StringComparison.OrdinalIgnoreCase))
                        && (property != "valueReference" || parameter.ValueReference.Reference is not null);
        }

        return false;
    }

    private static Failure Unknown(
        Operation operation,
        ImmutableArray<OperationParameter> declared,
        string name,
        string? at
    )
    {
        var known = declared.IsEmpty ? "it takes none" : $"it takes {string.Join(", ", declared.Select(p => p.Name))}";
        return Failure.Invalid(
            IssueCode.NotSupported,
            $"'{(name.Length > 64 ? name[..64] : name)}' is no parameter of {operation.Code}; {known}.",
            at
        );
    }
}
