using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// Fetches manifests and files from where the configuration allows. What cannot be had at the moment is asked for again, and a download
/// that was cut goes on where it was.
/// </summary>
public sealed class FileFetch(ImportOptions options, ImportConnections connections, TimeProvider time)
{
    private const int MaxRedirects = 5;
    private const int MaxManifestBytes = 16 << 20;
    private const int BufferBytes = 1 << 17;

    /// <summary>Of whoever waits for the answer to a request.</summary>
    private static readonly TimeSpan ManifestTime = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing may come.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Something small, whole.</summary>
    internal async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ManifestTime);
        try
        {
            var ask = new Ask(url, WithToken: true, "application/json", TakesGzip: false);
            if (!(await OpenAsync(ask, patience.Token)).TryGet(out var response, out var failure))
                return failure;
            using (response)
            {
                if (response.StatusCode == HttpStatusCode.Accepted)
                    return Cannot(url, "its export is not done yet (202): ask again when it is");
                if (!response.IsSuccessStatusCode)
                    return Cannot(url, Answered(response));
                return await WholeAsync(url, response, patience.Token);
            }
        }
        catch (Exception e) when (IsTrouble(e, cancellationToken))
        {
            return Cannot(url, Explain(e));
        }
    }

    /// <summary>A file, as it is sent: it may be packed. Its length, or why it cannot be had.</summary>
    internal async Task<Result<long>> DownloadAsync(
        Uri url,
        bool withToken,
        FileDraft to,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.FileTime);
        var ask = new Ask(url, withToken, "application/fhir+ndjson", TakesGzip: true);
        Failure? failure = null;
        for (var tries = 1; tries <= options.Tries; tries++)
        {
            TimeSpan? wait = null;
            try
            {
                if (!(await OpenAsync(ask, patience.Token)).TryGet(out var response, out failure))
                    return failure;
                using (response)
                {
                    if (response.IsSuccessStatusCode)
                        return await CopyAsync(response, ask, to, patience.Token);
                    failure = Cannot(url, Answered(response));
                    if (!Passes(response.StatusCode))
                        return failure;
                    wait = WaitOf(response);
                }
            }
            catch (Exception e) when (IsTrouble(e, cancellationToken))
            {
                failure = Cannot(url, Explain(e));
                if (e is FileTooLargeException || patience.IsCancellationRequested)
                    return failure;
                // Places in what is packed on its way are not those in the file: it is fetched anew, as it is.
                ask = ask.GoingOn(to.Stream);
            }

            if (tries < options.Tries)
                await Task.Delay(wait ?? TimeSpan.FromSeconds(1 << Math.Min(tries - 1, 5)), time, cancellationToken);
        }

        return failure!;
    }

    /// <summary>Follows redirects to where may be fetched from, and nowhere else.</summary>
    private async Task<Result<HttpResponseMessage>> OpenAsync(Ask ask, CancellationToken cancellationToken)
    {
        var at = ask.Url;
        for (var redirects = 0; ; redirects++)
        {
            if (options.WhyNot(at) is { } refusal)
                return Failure.Unprocessable(IssueCode.Forbidden, refusal);
            var source = options.Find(at)!;
            using var request = ask.ToRequest(at, source);
            var response = await connections
                .To(source)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .WaitAsync(Silence, time, cancellationToken);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            if (redirects == MaxRedirects)
                return Cannot(ask.Url, "it leads from one address to the next");
            at = new Uri(at, location);
        }
    }

    private async Task<long> CopyAsync(
        HttpResponseMessage response,
        Ask ask,
        FileDraft to,
        CancellationToken cancellationToken
    )
    {
        // Who knows no parts, or has another file by now, sends all of it.
        if (response.StatusCode != HttpStatusCode.PartialContent)
            to.Stream.SetLength(0);
        else if (response.Content.Headers.ContentRange?.From != to.Stream.Length)
            throw new HttpIOException(HttpRequestError.InvalidResponse);
        ask.Copies(response);
        if (to.Stream.Length + response.Content.Headers.ContentLength > options.FileBytes)
            throw new FileTooLargeException(options.FileBytes);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferBytes];
        while (await ReadAsync(body, buffer, cancellationToken) is > 0 and var read)
        {
            if (to.Stream.Length + read > options.FileBytes)
                throw new FileTooLargeException(options.FileBytes);
            await to.Stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return to.Stream.Length;
    }

    /// <summary>What goes wrong here is of the network, and what goes wrong where it is written is of the disk.</summary>
    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(Silence, time, cancellationToken);
        }
        catch (IOException e) when (e is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, e.Message, e);
        }
    }

    private static async Task<Result<ReadOnlyMemory<byte>>> WholeAsync(
        Uri url,
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        await using var sent = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var body = IsPacked(response) ? new GZipStream(sent, CompressionMode.Decompress) : sent;
        using var whole = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (whole.Length + read > MaxManifestBytes)
                return Cannot(url, "it is larger than a manifest may be (16 MB)");
            whole.Write(buffer.AsSpan(0, read));
        }

        return new ReadOnlyMemory<byte>(whole.GetBuffer(), 0, (int)whole.Length);
    }

    private static bool IsPacked(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Contains("gzip");

    private static bool Passes(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait > LongestWait ? LongestWait
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait;
    }

    private static bool IsTrouble(Exception e, CancellationToken cancellationToken) =>
        e
            is HttpRequestException
                or HttpIOException
                or FileTooLargeException
                or TimeoutException
                or InvalidDataException
        || e is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    /// <summary>In words, without an address of this network.</summary>
    private static string Explain(Exception e) =>
        e switch
        {
            FileTooLargeException => e.Message,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host is not known",
            // The guard of connections says in a sentence where none may lead.
            HttpRequestException { InnerException: ConnectionRefusedException refused } => refused.Message.TrimEnd('.'),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "its certificate is not one that this machine trusts",
            HttpIOException or HttpRequestException { InnerException: IOException } => "the connection was cut",
            HttpRequestException => "its host cannot be reached",
            _ => "it took too long",
        };

    private static string Answered(HttpResponseMessage response) =>
        (int)response.StatusCode is 401 or 403
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"it is answered with {(int)response.StatusCode}: where it asks for a token, that stands with its address in Imports:Sources"
            )
            : string.Create(CultureInfo.InvariantCulture, $"it is answered with {(int)response.StatusCode}");

    private static Failure Cannot(Uri url, string why) =>
        Failure.Unprocessable(IssueCode.NotFound, $"{url.GetLeftPart(UriPartial.Path)} cannot be fetched: {why}.");

    /// <summary>What is asked for, and how far it has come.</summary>
    private sealed record Ask(Uri Url, bool WithToken, string MediaType, bool TakesGzip)
    {
        private bool _isPacked;
        private EntityTagHeaderValue? _tag;

        private long From { get; init; }

        /// <summary>Remembers what the bytes are of that come.</summary>
        public void Copies(HttpResponseMessage response) =>
            (_isPacked, _tag) = (IsPacked(response), response.Headers.ETag is { IsWeak: false } tag ? tag : null);

        public Ask GoingOn(Stream have)
        {
            if (_isPacked)
                have.SetLength(0);
            return this with { TakesGzip = false, From = have.Length };
        }

        public HttpRequestMessage ToRequest(Uri at, ImportSource source)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.Accept.ParseAdd($"{MediaType}, */*;q=0.1");
            request.Headers.AcceptEncoding.ParseAdd(TakesGzip ? "gzip" : "identity");
            if (From > 0)
                request.Headers.Range = new RangeHeaderValue(From, null);
            if (From > 0 && _tag is not null)
                request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
            if (WithToken && source.Token is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return request;
        }
    }

    private sealed class FileTooLargeException(long bytes)
        : Exception($"it is larger than {bytes >> 20} MB, the limit of Imports:FileMegabytes");
}
