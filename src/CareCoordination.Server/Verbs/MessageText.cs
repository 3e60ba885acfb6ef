using System.Globalization;
using System.Text;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Server.Verbs;

/// <summary>Messages about stays, as lines for a person.</summary>
internal static class MessageText
{
    private static readonly string[] Columns = ["id", "state", "at", "sender", "name", "reason"];

    public static string Heading => string.Join('\t', Columns);

    /// <summary>One line: no field has a tab or the end of a line in it.</summary>
    public static string Row(ParametersParameterView message) =>
        string.Join('\t', Columns.Select(c => Plain(c == "sender" ? SenderOf(message) : ValueOf(message, c))));

    /// <summary>Every part on a line of its own; what came as it came, behind an empty line.</summary>
    public static async Task WriteAsync(Stream output, ParametersParameterView message, bool withContent)
    {
        var text = new StringBuilder();
        foreach (var part in message.Part)
        {
            if (part.Name is not "content" and { } name)
                text.Append(CultureInfo.InvariantCulture, $"{name, -12} {Plain(ValueOf(part))}\n");
        }

        var content = withContent
            ? message.Part.Where(p => p.Name == "content").Select(p => p.ValueBase64Binary).FirstOrDefault()
            : null;
        if (withContent)
            text.Append(content is null ? "\nWhat came is not kept.\n" : "\n");
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        if (content is not null)
            await output.WriteAsync(Convert.FromBase64String(content));
        await output.FlushAsync();
    }

    private static string SenderOf(ParametersParameterView message) =>
        ValueOf(message, "sender") is { Length: > 0 } sender ? sender : ValueOf(message, "door");

    private static string ValueOf(ParametersParameterView message, string part) =>
        message.Part.Where(p => p.Name == part).Select(ValueOf).FirstOrDefault() ?? "";

    private static string ValueOf(ParametersParameterView part) =>
        part.ValueString
        ?? part.ValueCode
        ?? part.ValueInstant?.ToString()
        ?? part.ValueReference.Reference
        ?? part.ValueBoolean?.ToString().ToLowerInvariant()
        ?? "";

    private static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
