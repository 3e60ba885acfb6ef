using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>From when to when a visit goes, and when what the message tells of happened.</summary>
/// <param name="Start">PV1-44.</param>
/// <param name="End">PV1-45, or of a discharge without it the time at which it happened.</param>
/// <param name="Happened">EVN-6, else EVN-2.</param>
internal sealed record StayPeriod(Moment? Start, Moment? End, Moment? Happened)
{
    public JsonObject? ToJson() => FhirJson.Object(("start", Start?.ToDateTime()), ("end", End?.ToDateTime()));

    public static StayPeriod Of(MappingContext context, AdtEvent adt, SegmentView pv1)
    {
        var start = Times.Strict(context, pv1[44]);
        var end = Times.Strict(context, pv1[45]);
        var (happened, place) = HappenedAt(context);
        if (adt.IsCancelledDischarge && end is not null)
        {
            context.Notes.NotMapped(pv1[45].Place, "The discharge is cancelled, and its time with it.");
            end = null;
        }

        if (adt.IsDischarge && end is null)
            end = Assumed(context, pv1, happened, place);
        if (start is { HasTime: true } from && end is { HasTime: true } to && Instant(to) < Instant(from))
        {
            context.Notes.Refuse(
                ErrorCode.DataType,
                pv1[45].Place,
                "The discharge is before the admission (PV1-44): correct one of them."
            );
        }

        return new StayPeriod(start, end, happened);
    }

    private static Moment? Assumed(MappingContext context, SegmentView pv1, Moment? happened, string place)
    {
        if (happened is not null)
        {
            context.Notes.Assumed(pv1[45].Place, $"There is no time of discharge: that of {place} is taken.");
            return happened;
        }

        context.Notes.Refuse(
            ErrorCode.RequiredFieldMissing,
            pv1[45].Place,
            "A discharge has a time: in PV1-45, or in EVN-6 or EVN-2 where it happened."
        );
        return null;
    }

    private static (Moment? Moment, string Place) HappenedAt(MappingContext context)
    {
        if (Times.Strict(context, context.Message["EVN-6"]) is { } happened)
            return (happened, "EVN-6");
        return (Times.Strict(context, context.Message["EVN-2"]), "EVN-2");
    }

    private static DateTimeOffset Instant(Moment moment) => new(moment.Local, moment.Offset ?? TimeSpan.Zero);
}
