using System.Globalization;

namespace CareCoordination.Application.Settings;

/// <summary>
/// Reads one section of the configuration, setting by setting, and refuses what is no setting: a misspelt limit must not be a
/// limit that does not hold.
/// </summary>
/// <param name="name">With those it is inside of: <c>Care:Rules:0</c>.</param>
public sealed class OptionsSection(IConfiguration configuration, string name)
{
    private readonly IConfigurationSection _section = configuration.GetSection(name);
    private readonly List<string> _known = [];

    public string Name => name;

    /// <summary>The last part of the name.</summary>
    public string Key => _section.Key;

    public int Number(string key, int fallback, int min, int max) => OptionalNumber(key, min, max) ?? fallback;

    public int? OptionalNumber(string key, int min, int max)
    {
        if (Text(key) is not { } text)
            return null;
        if (
            !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value < min
            || value > max
        )
            throw Problem(key, text, $"it must be a whole number from {min} to {max}.");
        return value;
    }

    /// <summary>A part of one, from 0 to 1.</summary>
    public decimal? Share(string key)
    {
        if (Text(key) is not { } text)
            return null;
        return
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= 1
            ? value
            : throw Problem(key, text, "it must be a number from 0 to 1, such as 0.8.");
    }

    public bool? Flag(string key) =>
        Text(key) is not { } text ? null
        : bool.TryParse(text, out var value) ? value
        : throw Problem(key, text, "it must be true or false.");

    /// <summary>Numbers by names of the configuration's own, as <c>Name:Key:low</c>.</summary>
    public IEnumerable<KeyValuePair<string, int>> Numbers(string key, int min, int max)
    {
        _known.Add(key);
        var numbers = new OptionsSection(configuration, $"{name}:{key}");
        return
        [
            .. _section
                .GetSection(key)
                .GetChildren()
                .Select(c => KeyValuePair.Create(c.Key, numbers.Number(c.Key, min, min, max))),
        ];
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

    /// <summary>Texts by names of the configuration's own, as <c>Name:Key:X-Site</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts(string key)
    {
        _known.Add(key);
        return _section.GetSection(key).GetChildren().Select(c => KeyValuePair.Create(c.Key, c.Value ?? ""));
    }

    /// <summary>One section inside of this one; without settings where there is none.</summary>
    public OptionsSection Section(string key)
    {
        _known.Add(key);
        return new OptionsSection(configuration, $"{name}:{key}");
    }

    /// <summary>The sections inside of one: of a list, or with names of the configuration's own.</summary>
    public IEnumerable<OptionsSection> Sections(string key)
    {
        _known.Add(key);
        return
        [
            .. _section
                .GetSection(key)
                .GetChildren()
                .Select(c => new OptionsSection(configuration, $"{name}:{key}:{c.Key}")),
        ];
    }

    public ConfigurationProblem Problem(string key, string value, string sentence) =>
        new($"{name}:{key} is '{value}'; {sentence}");

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
