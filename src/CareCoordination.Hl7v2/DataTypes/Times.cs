using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Times of a message as FHIR has them: those without an offset are of the sender's clocks.</summary>
internal static class Times
{
    private const string NoTime =
        "This is no time: write YYYYMMDDHHMMSS, as much of it as is known, and an offset as +0100 behind it.";

    /// <summary>A time that may be missing; one that cannot be read is left out and told of.</summary>
    public static Moment? Optional(MappingContext context, Hl7Value value)
    {
        if (Read(context, value) is { } moment)
            return moment;
        if (value.Text.Length > 0)
            context.Notes.NotMapped(value.Place, NoTime);
        return null;
    }

    /// <summary>A time that much depends on: one that cannot be read refuses the message.</summary>
    public static Moment? Strict(MappingContext context, Hl7Value value)
    {
        if (Read(context, value) is { } moment)
            return moment;
        if (value.Text.Length > 0)
            context.Notes.Refuse(ErrorCode.DataType, value.Place, NoTime);
        return null;
    }

    public static JsonNode? DateTime(MappingContext context, Hl7Value value) => Optional(context, value)?.ToDateTime();

    public static JsonNode? Date(MappingContext context, Hl7Value value) => Optional(context, value)?.ToDate();

    public static JsonObject? Period(MappingContext context, Hl7Value start, Hl7Value end) =>
        FhirJson.Object(("start", DateTime(context, start)), ("end", DateTime(context, end)));

    /// <summary>Midnight of a day, by the clocks of the sender.</summary>
    public static Moment BeginningOfDay(MappingContext context, Moment day) =>
        day with
        {
            Precision = DatePrecision.Second,
            Offset = context.Sender.TimeZone.GetUtcOffset(day.Local),
        };

    private static Moment? Read(MappingContext context, Hl7Value value)
    {
        var text = value.Text;
        if (text.Length == 0 || !Moment.TryParse(text, out var moment))
            return null;
        if (!moment.HasTime || moment.Offset is not null)
            return moment;
        return moment with { Offset = Offset(context, value.Place, moment.Local) };
    }

    private static TimeSpan Offset(MappingContext context, Hl7Place place, DateTime local)
    {
        var zone = context.Sender.TimeZone;
        if (zone.IsAmbiguousTime(local))
        {
            context.Notes.Assumed(place, "The clocks of the sender showed this time twice: the first is assumed.");
            return zone.GetAmbiguousTimeOffsets(local).Max();
        }

        if (zone.IsInvalidTime(local))
            context.Notes.Assumed(
                place,
                "The clocks of the sender never showed this time: it is taken by the offset before it."
            );
        return zone.GetUtcOffset(local);
    }
}
