using System.Collections.Immutable;
using System.Data.Common;

namespace CareCoordination.Storage.Connections;

/// <summary>A keyword whose value would void what the store relies on.</summary>
/// <param name="Why">
/// Ends the sentence that refuses the start. The sentence tells the value, which for a secret must not be: where this begins with
/// "has" it is the whole of it.
/// </param>
internal sealed record Refusal<TBuilder>(string Keyword, Func<TBuilder, bool> IsMet, string Why);

/// <summary>A keyword that always has our value.</summary>
/// <param name="Why">Said to the operator who gave another one.</param>
internal sealed record Fixed(string Keyword, object Value, string Why);

/// <summary>A keyword that has our value where the operator gives none.</summary>
internal sealed record Preset(string Keyword, object Value);

/// <summary>Reads the connection string of one driver by tables of what is refused, set and preset.</summary>
internal sealed class ConnectionRules<TBuilder>(string driver)
    where TBuilder : DbConnectionStringBuilder, new()
{
    public ImmutableArray<Refusal<TBuilder>> Refused { get; init; } = [];

    public ImmutableArray<Preset> Presets { get; init; } = [];

    public ImmutableArray<Fixed> Set { get; init; } = [];

    /// <param name="alsoSet">Keywords whose value depends on other settings.</param>
    public ConnectionReading Read(string text, params ReadOnlySpan<Fixed> alsoSet)
    {
        var builder = new TBuilder();
        if (Fill(builder, text) is { } problem)
            return ConnectionReading.Refused(problem);
        foreach (var refusal in Refused)
        {
            if (refusal.IsMet(builder))
                return ConnectionReading.Refused(
                    refusal.Why.StartsWith("has ", StringComparison.Ordinal)
                        ? refusal.Why
                        : $"has {refusal.Keyword}={builder[refusal.Keyword]}; {refusal.Why}"
                );
        }

        var notices = ImmutableArray.CreateBuilder<string>();
        foreach (var preset in Presets)
        {
            if (!IsGiven(builder, preset.Keyword))
                builder[preset.Keyword] = preset.Value;
        }

        foreach (var item in (Fixed[])[.. Set, .. alsoSet])
        {
            if (IsGiven(builder, item.Keyword) && !Equals(builder[item.Keyword], item.Value))
                notices.Add($"{item.Keyword}={builder[item.Keyword]} has no effect: {item.Why}.");
            builder[item.Keyword] = item.Value;
        }

        return new ConnectionReading(builder.ConnectionString, "", null, notices.ToImmutable());
    }

    public static bool IsGiven(TBuilder builder, string keyword) => builder.ShouldSerialize(keyword);

    /// <summary>Takes over each keyword on its own, so that a wrong one can be named. What it was given is never told: it may be a secret.</summary>
    private string? Fill(TBuilder builder, string text)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return "cannot be read: it must be keywords and values, as in keyword=value;keyword=value.";
        }

        foreach (string keyword in given.Keys)
        {
            if (!builder.ContainsKey(keyword))
                return $"has '{keyword}', which is no keyword of {driver}.";
            try
            {
                builder[keyword] = given[keyword];
            }
            catch (Exception e)
                when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
            {
                return $"has a value for '{keyword}' that {driver} does not know.";
            }
        }

        return null;
    }
}
