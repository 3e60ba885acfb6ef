using System.Text.Json;
using System.Text.Json.Serialization;

namespace CareCoordination.Storage.Deliveries;

/// <summary>Something that happened to a delivery.</summary>
/// <param name="Status">The HTTP status of the partner's answer.</param>
public sealed record DeliveryEvent(DateTimeOffset At, DeliveryState State, int? Status, string? Problem);

/// <summary>The last events of a delivery, as the JSON that is stored.</summary>
public static class DeliveryLog
{
    /// <summary>Older events are dropped.</summary>
    public const int MaxEvents = 20;

    // Below this many bytes there cannot be too many events.
    private const int MinEvent = 60;

    public static IReadOnlyList<DeliveryEvent> Read(ReadOnlyMemory<byte> log) =>
        log.IsEmpty ? [] : JsonSerializer.Deserialize(log.Span, DeliveryLogJson.Default.ListDeliveryEvent)!;

    internal static ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> log, DeliveryEvent happened)
    {
        if (log.Length >= MaxEvents * MinEvent)
        {
            List<DeliveryEvent> events = [.. Read(log).TakeLast(MaxEvents - 1), happened];
            return JsonSerializer.SerializeToUtf8Bytes(events, DeliveryLogJson.Default.ListDeliveryEvent);
        }

        var one = JsonSerializer.SerializeToUtf8Bytes(happened, DeliveryLogJson.Default.DeliveryEvent);
        return log.IsEmpty
            ? (byte[])[(byte)'[', .. one, (byte)']']
            : (byte[])[.. log.Span[..^1], (byte)',', .. one, (byte)']'];
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(List<DeliveryEvent>))]
[JsonSerializable(typeof(DeliveryEvent))]
internal sealed partial class DeliveryLogJson : JsonSerializerContext;
