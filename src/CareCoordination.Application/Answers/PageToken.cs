using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Application.Answers;

/// <summary>
/// The place where a page starts, as the opaque <c>_cursor</c> of a next link. It carries a hash over itself and the query it
/// belongs to, so that a damaged one, or one put on another query, is told apart from a good one instead of giving a wrong page.
/// </summary>
public static class PageToken
{
    public const string Parameter = "_cursor";

    private const int HashSeed = 0x43415245;
    private const int HeaderLength = 17;

    public static string Write(PageCursor cursor, string query)
    {
        var value = cursor.SortValue is null ? [] : Encoding.UTF8.GetBytes(cursor.SortValue);
        var bytes = new byte[HeaderLength + value.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), cursor.Key);
        bytes[16] = cursor.SortValue is null ? (byte)0 : (byte)1;
        value.CopyTo(bytes, HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Hash(bytes, query));
        return Base64Url.EncodeToString(bytes);
    }

    public static Result<PageCursor> Read(string token, string query)
    {
        if (Base64Url.IsValid(token))
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length >= HeaderLength && BinaryPrimitives.ReadInt64LittleEndian(bytes) == Hash(bytes, query))
            {
                var key = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
                return new PageCursor(bytes[16] == 0 ? null : Encoding.UTF8.GetString(bytes.AsSpan(HeaderLength)), key);
            }
        }

        return Failure.Invalid(
            IssueCode.Value,
            "The page link is damaged or belongs to another query: follow next links as they are, or start again from the first page."
        );
    }

    private static long Hash(ReadOnlySpan<byte> bytes, string query)
    {
        var text = Encoding.UTF8.GetByteCount(query);
        var input = new byte[bytes.Length - 8 + text];
        bytes[8..].CopyTo(input);
        Encoding.UTF8.GetBytes(query, input.AsSpan(bytes.Length - 8));
        return StableHash.Of(input, HashSeed).Key;
    }
}
