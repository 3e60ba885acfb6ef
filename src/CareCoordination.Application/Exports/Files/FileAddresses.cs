using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.Application.Exports.Files;

/// <summary>
/// Addresses by which whoever has one gets a file, until it expires: no token is asked for. What is signed is the job, the file and the
/// time, by the secret of the job. https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request
/// </summary>
public static class FileAddresses
{
    /// <summary>Below the base.</summary>
    public const string Path = "$files";

    /// <param name="name">Of the file.</param>
    /// <param name="expires">Whole seconds count.</param>
    public static string Sign(string baseUrl, string job, string name, FileTicket ticket, DateTimeOffset expires)
    {
        var seconds = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{baseUrl}/{Path}/{job}/{name}?expires={seconds}&signature={Signature(job, name, seconds, ticket)}";
    }

    /// <summary>True where the signature is of this file and this time, whether it has passed or not.</summary>
    public static bool IsSigned(FileRequest request, FileTicket ticket) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Signature(request.Job, request.Name, request.Expires, ticket)),
            Encoding.UTF8.GetBytes(request.Signature)
        );

    public static bool IsOver(FileRequest request, DateTimeOffset now) =>
        !long.TryParse(request.Expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        || seconds < now.ToUnixTimeSeconds();

    private static string Signature(string job, string name, string seconds, FileTicket ticket) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(ticket.Secret, Encoding.UTF8.GetBytes($"{job}\n{name}\n{seconds}"))
        );
}

/// <summary>A file that is asked for, as its address says.</summary>
public sealed record FileRequest(string Job, string Name, string Expires, string Signature);
