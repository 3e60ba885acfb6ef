using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>
/// Ids made from names, so that the same message becomes the same bytes, and the same patient, visit or bed of a sender has the same id in
/// all its messages. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
/// </summary>
public static class StableIds
{
    /// <summary>The parts are told apart by a character that none of them holds.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var name = string.Join('\n', parts);
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>The id of the MessageHeader of a message, by its sender and MSH-10.</summary>
    public static string OfMessage(string sender, string controlId) => Of(sender, "MessageHeader", controlId);
}
