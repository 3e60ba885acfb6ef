using System.Text.Json;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Import;

/// <summary>
/// Splits the JSON of a Bundle into its entries without holding more than one of them, so that a Bundle may be of any size.
/// https://hl7.org/fhir/R4/bundle.html
/// </summary>
internal sealed class BundleReader
{
    private readonly ReadBuffer _buffer;
    private JsonReaderState _state;
    private Place _place = Place.Start;

    public BundleReader(Stream stream, int maxBytes, int maxDepth)
    {
        _buffer = new ReadBuffer(stream, maxBytes);
        _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth });
    }

    private enum Place
    {
        Start,
        Properties,
        Entries,
        End,
    }

    /// <summary>As far as read: known once the first entry is returned, where it is written before the entries.</summary>
    public string? ResourceType { get; private set; }

    /// <summary>Bundle.type, as far as read.</summary>
    public string? Type { get; private set; }

    /// <summary>The JSON of the next entry; null at the end. Throws <see cref="ImportException"/> for malformed JSON.</summary>
    public byte[]? Next()
    {
        while (true)
        {
            try
            {
                if (TryAdvance(out var entry))
                    return entry;
            }
            catch (JsonException e)
            {
                throw new ImportException(
                    $"Line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: the JSON is malformed here."
                );
            }

            _buffer.Fill();
        }
    }

    /// <summary>False where more has to be read first; true with null at the end.</summary>
    private bool TryAdvance(out byte[]? entry)
    {
        entry = null;
        var unread = _buffer.Unread;
        if (_place == Place.Start && unread.StartsWith("\uFEFF"u8))
        {
            _buffer.Consume(3);
            unread = _buffer.Unread;
        }

        var reader = new Utf8JsonReader(unread, _buffer.IsFinal, _state);
        while (true)
        {
            // Where a value is incomplete the reader goes back to here, and reads it again with more of it at hand.
            var (consumed, state) = ((int)reader.BytesConsumed, reader.CurrentState);
            if (_place == Place.End)
            {
                // Reading on refuses anything but blanks behind the Bundle.
                reader.Read();
                _buffer.Consume((int)reader.BytesConsumed);
                _state = reader.CurrentState;
                return _buffer.IsFinal;
            }

            if (!TryStep(ref reader, out var start))
            {
                _buffer.Consume(consumed);
                _state = state;
                return false;
            }

            if (start is not { } from)
                continue;
            entry = unread[from..(int)reader.BytesConsumed].ToArray();
            _buffer.Consume((int)reader.BytesConsumed);
            _state = reader.CurrentState;
            return true;
        }
    }

    /// <summary>One property or one entry. <paramref name="entryStart"/> is where the entry that was read begins.</summary>
    private bool TryStep(ref Utf8JsonReader reader, out int? entryStart)
    {
        entryStart = null;
        if (!reader.Read())
            return false;
        switch (_place)
        {
            case Place.Start:
                if (reader.TokenType != JsonTokenType.StartObject)
                    throw new ImportException("The file holds JSON, but no resource: it must start with an object.");
                _place = Place.Properties;
                return true;

            case Place.Entries when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.Properties;
                return true;

            case Place.Entries:
                var start = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                    return false;
                entryStart = start;
                return true;

            case Place.Properties when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;

            default:
                return TryProperty(ref reader);
        }
    }

    private bool TryProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("entry"u8) && ResourceType is ResourceTypes.Bundle or null)
        {
            if (!reader.Read())
                return false;
            if (reader.TokenType != JsonTokenType.StartArray)
                return reader.TrySkip();
            _place = Place.Entries;
            return true;
        }

        var isResourceType = reader.ValueTextEquals("resourceType"u8);
        var isType = reader.ValueTextEquals("type"u8);
        if (!reader.Read() || !reader.TrySkip())
            return false;
        if (reader.TokenType == JsonTokenType.String)
        {
            ResourceType = isResourceType ? reader.GetString() : ResourceType;
            Type = isType ? reader.GetString() : Type;
        }

        return true;
    }
}
