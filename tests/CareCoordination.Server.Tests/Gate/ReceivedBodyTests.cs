using System.Net;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>However a body arrives, what is stored is what was sent.</summary>
public sealed class ReceivedBodyTests
{
    [Theory, MemberData(nameof(Bodies))]
    public async Task Comes_whole_in_pieces_of_any_size(int length, int piece, bool isAnnounced)
    {
        await using var server = await TestServer.OnSqliteAsync();
        var data = Convert.ToBase64String(Bytes(length));
        var body = Encoding.UTF8.GetBytes(
            $$"""{"resourceType":"Binary","id":"b","contentType":"application/octet-stream","data":"{{data}}"}"""
        );
        using var request = new HttpRequestMessage(HttpMethod.Put, "Binary/b")
        {
            Content = new PiecesContent(body, piece, isAnnounced),
        };

        using var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        // A Binary is answered as what it holds.
        Assert.Equal(Bytes(length), await server.Client.GetByteArrayAsync("Binary/b"));
    }

    public static TheoryData<int, int, bool> Bodies()
    {
        var bodies = new TheoryData<int, int, bool>();
        foreach (var length in (int[])[3, 49_000, 49_152, 49_155, 300_000, 3_000_000])
        {
            foreach (var piece in (int[])[1_000, 65_536, 100_001, int.MaxValue])
            {
                bodies.Add(length, piece, true);
                bodies.Add(length, piece, false);
            }
        }

        return bodies;
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Sends its bytes piece by piece, each at once, with their length or chunked.</summary>
    private sealed class PiecesContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly int _piece;
        private readonly bool _isAnnounced;

        public PiecesContent(byte[] bytes, int piece, bool isAnnounced)
        {
            (_bytes, _piece, _isAnnounced) = (bytes, piece, isAnnounced);
            Headers.ContentType = new("application/fhir+json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < _bytes.Length; at += Math.Min(_piece, _bytes.Length))
            {
                await stream.WriteAsync(_bytes.AsMemory(at, Math.Min(_piece, _bytes.Length - at)));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return _isAnnounced;
        }
    }
}
