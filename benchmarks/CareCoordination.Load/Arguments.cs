using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareCoordination.Load;

/// <summary>Options of the form <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string this[string name, string otherwise] => _values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text)
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : otherwise;

    public IReadOnlyList<string> List(string name) =>
        _values.TryGetValue(name, out var text)
            ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];

    /// <summary>The options as they would be typed again, without those that name a place on this machine.</summary>
    public string Without(params ReadOnlySpan<string> names)
    {
        var kept = new List<string>();
        foreach (var (name, value) in _values)
        {
            if (!names.Contains(name))
                kept.Add($"--{name} {value}");
        }

        return string.Join(' ', kept);
    }

    public static Parsed Parse(IEnumerable<string> args)
    {
        var arguments = new Arguments();
        string? name = null;
        foreach (var arg in args)
        {
            if (name is not null)
            {
                arguments._values[name] = arg;
                name = null;
            }
            else if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                name = arg[2..];
            }
            else
            {
                return new Parsed(null, $"'{arg}' is no option; options look like --name value.");
            }
        }

        return name is null ? new Parsed(arguments, null) : new Parsed(null, $"--{name} needs a value.");
    }

    public readonly record struct Parsed(Arguments? Value, string? Complaint)
    {
        public bool TryGet([NotNullWhen(true)] out Arguments? arguments, [NotNullWhen(false)] out string? complaint)
        {
            arguments = Value;
            complaint = Complaint;
            return Value is not null;
        }
    }
}
