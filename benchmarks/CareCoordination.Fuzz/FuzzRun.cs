using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace CareCoordination.Fuzz;

/// <summary>A request that was answered with the server's failure, not at all, or at a price.</summary>
public sealed record FuzzFinding(int Number, string What, FuzzRequest Request, string Answer)
{
    public override string ToString() => $"#{Number}: {What}\n{Request}\n=> {Answer}\n";
}

/// <summary>Sends requests one after the other, and finds those that a server must not answer so.</summary>
/// <param name="root">Of the FHIR base.</param>
/// <param name="cpuSeconds">What the server, and its database, have spent until now.</param>
public sealed class FuzzRun(HttpClient client, string root, Func<double> cpuSeconds, FuzzGenerator generator)
{
    /// <summary>No request may take more of a processor.</summary>
    public const double MaxCpuSeconds = 2;

    private readonly SortedDictionary<int, int> _statuses = [];

    private int _epoch = -1;

    public List<FuzzFinding> Findings { get; } = [];

    /// <summary>How often each status was answered: what is refused for one reason tests little.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>Makes the world of an epoch where it is not there yet.</summary>
    private async Task PrepareAsync(int epoch, CancellationToken cancellationToken)
    {
        if (_epoch == epoch)
            return;
        _epoch = epoch;
        foreach (var request in FuzzGenerator.World(epoch))
        {
            var (status, answer) = await SendAsync(request, cancellationToken);
            if (status is not (200 or 201 or 409 or 422))
                throw new InvalidOperationException($"The world cannot be made: {request}\n{status} {answer}");
        }
    }

    /// <summary>Sends the request of a number; answers its status, 0 where there was none, and what was answered.</summary>
    public async Task<(int Status, string Answer)> OneAsync(int number, CancellationToken cancellationToken)
    {
        await PrepareAsync(FuzzGenerator.EpochOf(number), cancellationToken);
        var request = generator.Draw(number);
        var before = cpuSeconds();
        var clock = Stopwatch.StartNew();
        string? problem = null;
        var (status, answer) = (0, "");
        try
        {
            (status, answer) = await SendAsync(request, cancellationToken);
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
            if (status >= 500)
                problem = $"answered {status}";
        }
        catch (Exception e)
            when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            problem = $"not answered: {e.Message}";
        }

        var spent = cpuSeconds() - before;
        if (spent > MaxCpuSeconds)
            problem ??= string.Create(
                CultureInfo.InvariantCulture,
                $"took {spent:0.0} s of CPU, {clock.Elapsed.TotalSeconds:0.0} s in all"
            );
        if (problem is not null)
            Findings.Add(new(number, problem, request, answer.Length > 600 ? answer[..600] + "..." : answer));
        return (status, answer);
    }

    private async Task<(int Status, string Answer)> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        var address = new Uri(
            request.Target.Length == 0 ? root : $"{root}/{request.Target}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), address);
        if (request.Body is not null)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body));
        foreach (var (name, value) in request.Headers)
        {
            if (name != "Content-Type")
                message.Headers.TryAddWithoutValidation(name, value);
            else if (MediaTypeHeaderValue.TryParse(value, out var type))
                message.Content?.Headers.ContentType = type;
            else
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(message, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }
}
