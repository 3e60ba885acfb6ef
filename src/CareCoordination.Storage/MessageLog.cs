using System.Text.Json;
using System.Text.Json.Serialization;

namespace CareCoordination.Storage;

/// <summary>Something that happened to a delivery.</summary>
/// <param name="Status">The HTTP status of the partner's answer.</param>
public sealed record MessageEvent(DateTimeOffset At, MessageState State, int? Status, string? Problem);

/// <summary>The last events of a delivery, as the JSON that is stored.</summary>
public static class MessageLog
{
    /// <summary>Older events are dropped.</summary>
    public const int MaxEvents = 20;

    // Below this many bytes there cannot be too many events.
    private const int MinEvent = 60;

    public static IReadOnlyList<MessageEvent> Read(ReadOnlyMemory<byte> log) =>
        log.IsEmpty ? [] : JsonSerializer.Deserialize(log.Span, MessageLogJson.Default.ListMessageEvent)!;

    internal static ReadOnlyMemory<byte> Append(ReadOnlyMemory<byte> log, MessageEvent happened)
    {
        if (log.Length >= MaxEvents * MinEvent)
        {
            List<MessageEvent> events = [.. Read(log).TakeLast(MaxEvents - 1), happened];
            return JsonSerializer.SerializeToUtf8Bytes(events, MessageLogJson.Default.ListMessageEvent);
        }

        var one = JsonSerializer.SerializeToUtf8Bytes(happened, MessageLogJson.Default.MessageEvent);
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
[JsonSerializable(typeof(List<MessageEvent>))]
[JsonSerializable(typeof(MessageEvent))]
internal sealed partial class MessageLogJson : JsonSerializerContext;
