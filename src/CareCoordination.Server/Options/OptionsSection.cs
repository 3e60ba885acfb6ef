using System.Globalization;

namespace CareCoordination.Server.Options;

/// <summary>
/// Reads one section of the configuration, setting by setting, and refuses what is no setting: a misspelt limit must not be a
/// limit that does not hold.
/// </summary>
public sealed class OptionsSection(IConfiguration configuration, string name)
{
    private readonly IConfigurationSection _section = configuration.GetSection(name);
    private readonly List<string> _known = [];

    public int Number(string key, int fallback, int min, int max)
    {
        var text = Text(key);
        if (text is null)
            return fallback;
        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value < min
            || value > max
        )
            throw new ConfigurationProblem($"{name}:{key} is '{text}'; it must be a whole number from {min} to {max}.");
        return value;
    }

    public string? Text(string key)
    {
        _known.Add(key);
        return _section[key] is { Length: > 0 } text ? text : null;
    }

    /// <summary>Values of a list, as <c>Name:Key:0</c>, <c>Name:Key:1</c> or one text with commas.</summary>
    public string[] List(string key)
    {
        var text = Text(key);
        var items = _section.GetSection(key).GetChildren().Select(c => c.Value ?? "").Where(v => v.Length > 0);
        return text is null
            ? [.. items]
            : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Throws where the section has a key that was never asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var child in _section.GetChildren())
        {
            if (!_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                throw new ConfigurationProblem(
                    $"{name}:{child.Key} is no setting; {name} has {string.Join(", ", _known.Order(StringComparer.Ordinal))}."
                );
        }
    }
}
